//! The pages of the rules say what the compiler says: their first example gives the answer that is
//! printed below it, their second one is accepted.
//!
//! `UPDATE_RULE_PAGES=1 cargo test -p tests --test rule_pages` writes the answers anew.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::history::Fold;
use deepref_schema_core::seed::{Seed, check_order};
use deepref_schema_syntax::{Origins, Place, line_and_column, list_in_file, seeds_in_file};

/// The rules about files: what they look at is not in one example.
const ABOUT_FILES: [&str; 7] =
    ["drift", "file_name", "missing_file", "order", "placement", "sealed", "unlisted_file"];

#[test]
fn the_examples_give_the_answers_on_the_pages() {
    let mut wrong = Vec::new();
    for (rule, path) in pages() {
        if ABOUT_FILES.contains(&rule.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a page");
        let (before, [example, answer, solution], after) = parts(&text);
        let findings = findings(example);
        if findings.iter().any(|(finding, _)| finding.rule != rule) || findings.is_empty() {
            wrong.push(format!("{rule}: the example breaks {findings:?}"));
        }
        let said: String = findings.iter().map(|(_, shown)| shown.as_str()).collect();
        if said != answer && env::var_os("UPDATE_RULE_PAGES").is_some() {
            fs::write(&path, format!("{before}{said}{after}")).expect("the page is writable");
        } else if said != answer {
            wrong.push(format!("{rule}: the compiler says\n{said}"));
        }
        for (_, shown) in self::findings(solution) {
            wrong.push(format!("{rule}: the solution is refused\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rules that have a page, with its file.
fn pages() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("deepref-schema/docs/rules");
    let files = fs::read_dir(folder).expect("the pages").map(|entry| entry.expect("a page").path());
    let mut pages: Vec<_> = files
        .map(|path| (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path))
        .filter(|(stem, _)| stem != "README")
        .collect();
    pages.sort();
    pages
}

/// The three blocks of a page, and what is before and after the second one, the answer.
fn parts(page: &str) -> (&str, [&str; 3], &str) {
    let (example, _) = block(page, "```rust\n", 0);
    let (answer, at) = block(page, "```text\n", example.1);
    let (solution, _) = block(page, "```rust\n", at);
    let text = |range: (usize, usize)| &page[range.0..range.1];
    (&page[..answer.0], [text(example), text(answer), text(solution)], &page[answer.1..])
}

/// The range of the text in the next block, and its end.
fn block(page: &str, fence: &str, from: usize) -> ((usize, usize), usize) {
    let start = page[from..].find(fence).map(|at| from + at + fence.len());
    let start = start.unwrap_or_else(|| panic!("no {fence} in {page}"));
    let end = start + page[start - 1..].find("\n```").expect("the end of a block");
    ((start, end), end)
}

/// What is found in an example, and how it is shown.
fn findings(example: &str) -> Vec<(Diagnostic, String)> {
    let mut origins = Origins::default();
    let parsed = list_in_file(example, &mut origins).expect("a `migrations!`");
    let mut diagnostics = parsed.diagnostics;
    if let (Some(list), true) = (parsed.value, diagnostics.is_empty()) {
        let mut fold = Fold::new(list.settings);
        for migration in &list.inline {
            let verified = fold.step(migration.name.as_str(), migration);
            diagnostics.extend(verified.diagnostics.into_iter().chain(verified.blocking));
        }
        diagnostics.extend(of_seeds(example, &fold, &mut origins));
    }
    let show = |diagnostic: Diagnostic| {
        let shown = shown(example, &diagnostic, &origins);
        (diagnostic, shown)
    };
    diagnostics.into_iter().map(show).collect()
}

/// What is found in the seeds of an example.
fn of_seeds(example: &str, fold: &Fold, origins: &mut Origins) -> Vec<Diagnostic> {
    let mut include = |path: &str| panic!("an example includes `{path}`");
    let Some(parsed) = seeds_in_file(example, origins, &mut include) else { return Vec::new() };
    let (mut diagnostics, seeds) = (parsed.diagnostics, parsed.value.unwrap_or_default().inline);
    let heads: Vec<_> = seeds.iter().map(Seed::head).collect();
    for seed in seeds.iter().filter(|_| !parsed.broken) {
        diagnostics.extend(check_order(seed, &heads));
        diagnostics.extend(seed.check(fold).diagnostics);
    }
    diagnostics
}

fn shown(example: &str, diagnostic: &Diagnostic, origins: &Origins) -> String {
    let Some(Place::Offset(offset)) = origins.place(diagnostic.origin) else {
        panic!("no place: {diagnostic:?}");
    };
    let (line, column) = line_and_column(example, offset);
    let source = example.lines().nth(line - 1).unwrap_or_default();
    let indent = source.len() - source.trim_start().len();
    let caret = " ".repeat(column - 1 - indent);
    format!("{}\n{caret}^ {}\n", source.trim_start(), diagnostic.text())
}
