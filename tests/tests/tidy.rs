//! What no compiler looks at: pages and snapshots that belong to something, and nothing without one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let folder = root().join("deepref-schema/docs/rules");
    let pages: BTreeSet<_> = files(&folder, "md").iter().map(|page| stem(page)).collect();
    let mut rules = rules_in_code();
    rules.insert("README".to_owned());
    assert_eq!(pages, rules, "the pages in deepref-schema/docs/rules, the rules in the code");
    let index = fs::read_to_string(folder.join("README.md")).expect("the index");
    for page in pages.iter().filter(|page| *page != "README") {
        assert!(index.contains(&format!("[`{page}`]({page}.md)")), "`{page}` is not in the index");
    }
}

/// The seal is tried in `ui-tests/tests/histories.rs`, where the lock file can change.
#[test]
fn every_rule_is_shown_as_the_compiler_says_it() {
    let cases = files(&root().join("ui-tests"), "stderr");
    let said: String = cases.iter().filter_map(|case| fs::read_to_string(case).ok()).collect();
    let shown = |rule: &String| rule == "sealed" || said.contains(&format!("[{rule}]"));
    let missing: Vec<_> = rules_in_code().into_iter().filter(|rule| !shown(rule)).collect();
    assert!(missing.is_empty(), "no case in ui-tests for {missing:?}");
}

#[test]
fn every_snapshot_is_of_a_test() {
    let snapshots = files(&root(), "snap");
    assert!(!snapshots.is_empty(), "there are no snapshots");
    for snapshot in snapshots {
        let name = stem(&snapshot);
        let test = source_of(&snapshot);
        let text = fs::read_to_string(&test).unwrap_or_else(|_| {
            panic!("{} comes from {}, which is not there", snapshot.display(), test.display())
        });
        let called = name.rsplit("__").next().unwrap_or(&name);
        let migration = snapshot.ancestors().nth(3).map(|krate| krate.join("src/history"));
        let is_migration =
            migration.is_some_and(|folder| folder.join(format!("{called}.rs")).is_file());
        assert!(
            text.contains(called) || is_migration,
            "{} is of nothing in {}: delete it",
            snapshot.display(),
            test.display()
        );
    }
}

#[test]
fn no_snapshot_waits_for_review() {
    let pending = files(&root(), "snap.new");
    assert!(pending.is_empty(), "review these: {pending:?}");
}

#[test]
fn every_fault_has_its_test() {
    let table = fs::read_to_string(root().join("tests/FAULTS.md")).expect("the table");
    let mut numbers = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let Ok(number) = cells[0].parse::<u32>() else { continue };
        assert_eq!(cells.len(), 4, "{row}");
        numbers.push(number);
        if !cells[3].starts_with("open") {
            cells[3].split(", ").for_each(|test| assert_test_exists(test, row));
        }
    }
    assert_eq!(numbers, (1..=126).collect::<Vec<_>>(), "each number once, in order");
}

#[test]
fn tests_know_no_database_of_anybody() {
    for file in files(&root().join("tests"), "rs") {
        let text = fs::read_to_string(&file).expect("a source file");
        for (at, call) in text.match_indices("env::var") {
            let argument = text[at + call.len()..].trim_start_matches("_os");
            let reads = argument.starts_with("(\"DATABASE") || argument.starts_with("(\"PG");
            assert!(!reads, "{} reads the address of a database", file.display());
        }
        let takes = text.contains(concat!("Config::from_", "env"));
        assert!(!takes, "{} takes a database from its environment", file.display());
    }
}

/// `` `file::function` `` of tests/tests, `` `path.rs::function` ``, or a case of ui-tests.
fn assert_test_exists(written: &str, row: &str) {
    let name = written.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
    let name = name.unwrap_or_else(|| panic!("`{written}` is no test: {row}"));
    if name.starts_with("ui/") {
        let case = root().join("ui-tests").join(format!("{name}.stderr"));
        return assert!(case.is_file(), "{} is not there: {row}", case.display());
    }
    let (file, function) = name.split_once("::").unwrap_or_else(|| panic!("{name}: {row}"));
    let path = match file.strip_suffix(".rs") {
        Some(_) => root().join(file),
        None => root().join(format!("tests/tests/{file}.rs")),
    };
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {}: {row}", path.display()));
    assert!(text.contains(&format!("#[test]\nfn {function}()")), "no test `{name}`: {row}");
}

/// The names of rules, where findings are made.
fn rules_in_code() -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    for folder in ["deepref-schema/core/src", "deepref-schema-macros"] {
        for file in files(&root().join(folder), "rs") {
            let text = fs::read_to_string(&file).expect("a source file");
            for call in ["Diagnostic::new(", "Stop::of(", "rule: "] {
                let after = text.match_indices(call).map(|(at, _)| &text[at + call.len()..]);
                rules.extend(after.filter_map(name));
            }
        }
    }
    rules
}

/// The name in quotes that a text begins with, in the middle of an expression.
fn name(text: &str) -> Option<String> {
    let (name, _) = text.trim_start().strip_prefix('"')?.split_once('"')?;
    let snake_case = |c: char| c.is_ascii_lowercase() || c == '_';
    name.chars().all(snake_case).then(|| name.to_owned())
}

/// The test that a snapshot says it comes from.
fn source_of(snapshot: &Path) -> PathBuf {
    let text = fs::read_to_string(snapshot).expect("a snapshot");
    let source = text.lines().find_map(|line| line.strip_prefix("source: ")).expect("its source");
    root().join(source)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The files below a folder with this ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().expect("its kind");
        if kind.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(files(&path, ending));
        } else if kind.is_file() && name.ends_with(&format!(".{ending}")) {
            found.push(path);
        }
    }
    found
}
