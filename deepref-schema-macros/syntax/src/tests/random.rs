//! No tokens make the parser panic, and every mistake has a place.

use proc_macro2::TokenStream;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::{
    Origins, Parsed, Place, list_in_file, migration_in_file, parse_list, parse_migration,
    parse_seed, seed_in_file, seeds_in_file,
};

/// The number of token streams, for runs that are shorter or longer than usual.
const CASES_VARIABLE: &str = "DEEPREF_RANDOM_CASES";

/// Each case is read four times, as tokens and as text, by both macros.
const USUAL_CASES: u32 = 4_000;

fn config() -> Config {
    let cases = std::env::var(CASES_VARIABLE).ok().and_then(|cases| cases.parse().ok());
    let cases = cases.unwrap_or(USUAL_CASES);
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// Words, characters and literals that the grammar knows, and some it does not.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "create", "alter", "drop", "table", "index", "enum", "extension", "schema", "sequence", "comment",
    "on", "update", "set", "sql", "down", "up", "none", "where", "in", "batches", "of", "unique",
    "primary", "key", "foreign", "references", "check", "exclude", "using", "with", "include", "nulls",
    "not", "null", "distinct", "identity", "by", "default", "generated", "as", "stored", "collate",
    "add", "column", "constraint", "rename", "to", "type", "revert", "validate", "valid", "value",
    "concurrently", "reindex", "deferrable", "initially", "deferred", "delete", "cascade", "restore", "is",
    "increment", "minvalue", "no", "cycle", "owned", "start", "restart", "if", "exists", "case", "end",
    "seed", "upsert", "for", "after", "dev", "prod", "encrypted", "Plans", "{ a : 1 }",
    "migration", "migrations", "run", "lock_timeout", "attempts", "#[attempts = 2]", "#[lock_timeout = \"5s\"]", "allow", "reason", "irreversible", "VARCHAR", "NULL", "NOW", "int",
    "serial", "double", "precision", "timestamp", "a", "b", "Ab", "r#type", "r#order", "\u{e4}",
    "\"x\"", "\"-\"", "\"-1\"", "\"/*\"", "\"a b\"", "\"\"", "r#\"y\"#", "'x'", "'pending'", "b\"x\"", "1", "1.5", "10u8", "0x1F",
    "9223372036854775808", "{", "}", "(", ")", "[", "]", "{}", "()", "[]", "( a )", "{ a : int }",
    ",", ";", ":", "::", ".", "=", "==", "=>", ":=", "+", "-", "--", "*", "/", "<", ">", "<=", "||",
    "|", "&&", "!", "?", "~", "@", "@>", "#", "#>>", "%", "^", "$", "'a", "/// doc\n", "#[x]", "#![x]",
    "#[allow(a, reason = \"b\")]", "// c\n", "/* c */",
];

/// Migrations that are valid, to be spoiled.
const MIGRATIONS: &[&str] = &[
    include_str!("random/tables.txt"),
    include_str!("random/changes.txt"),
    include_str!("random/rest.txt"),
];

fn check_text(text: &str) {
    let mut origins = Origins::new();
    if let Some(parsed) = migration_in_file(text, &mut origins) {
        check(text, &parsed, &origins);
    }
    if let Some(parsed) = list_in_file(text, &mut origins) {
        check(text, &parsed, &origins);
    }
    let mut include = |path: &str| Ok(path.to_owned());
    if let Some(parsed) = seed_in_file(text, &mut origins, &mut include) {
        check(text, &parsed, &origins);
    }
    if let Some(parsed) = seeds_in_file(text, &mut origins, &mut include) {
        check(text, &parsed, &origins);
    }
}

fn check<T>(text: &str, parsed: &Parsed<T>, origins: &Origins) {
    assert!(parsed.broken || parsed.value.is_some(), "{text}");
    assert!(parsed.broken != parsed.diagnostics.is_empty() || parsed.broken, "{text}");
    for diagnostic in &parsed.diagnostics {
        let place = origins.place(diagnostic.origin);
        let whole = diagnostic.origin.mark() == 0;
        assert!(whole || matches!(place, Some(Place::Span(_) | Place::Offset(_))), "{text}");
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'), "{text}");
    }
}

/// Both lexers read the same from a content, and both parsers the same mistakes.
fn check_content(content: &str) {
    check_text(&format!("migration! {{ {content} }}"));
    check_text(&format!("migrations! {{ {content} }}"));
    let Ok(tokens) = content.parse::<TokenStream>() else {
        return;
    };
    let mut origins = Origins::new();
    let parsed = parse_migration(tokens.clone(), &mut origins);
    check(content, &parsed, &origins);
    let list = parse_list(tokens, &mut origins);
    check(content, &list, &origins);
    let text = format!("migration! {{ {content} }}");
    if let Some(from_text) = migration_in_file(&text, &mut origins) {
        assert_eq!(from_text.value, parsed.value, "{content}");
        let texts = |parsed: &Parsed<_>| -> Vec<String> {
            // The end of a macro is a brace in a file.
            parsed.diagnostics.iter().map(|one| one.text()).collect()
        };
        assert_eq!(texts(&from_text), texts(&parsed), "{content}");
    }
    proc_macro2::extra::invalidate_current_thread_spans();
}

/// The same for seeds.
fn check_seed(content: &str) {
    check_text(&format!("seed! {{ {content} }}"));
    check_text(&format!("seeds! {{ {content} }}"));
    let Ok(tokens) = content.parse::<TokenStream>() else {
        return;
    };
    let mut origins = Origins::new();
    let mut include = |path: &str| Ok(path.to_owned());
    let parsed = parse_seed(tokens, &mut origins, &mut include);
    check(content, &parsed, &origins);
    let text = format!("seed! {{ {content} }}");
    if let Some(from_text) = seed_in_file(&text, &mut origins, &mut include) {
        assert_eq!(from_text.value, parsed.value, "{content}");
    }
    proc_macro2::extra::invalidate_current_thread_spans();
}

fn join(pieces: &[&str], tight: u64) -> String {
    let mut text = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        text.push_str(piece);
        if tight >> (index % 64) & 1 == 0 {
            text.push(' ');
        }
    }
    text
}

#[test]
fn arbitrary_tokens() {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..40);
    let strategy = (pieces, any::<u64>(), any::<u8>());
    TestRunner::new(config())
        .run(&strategy, |(pieces, tight, shape)| {
            let content = join(&pieces, tight & tight.rotate_left(7));
            match shape % 6 {
                0 => check_content(&content),
                4 => check_seed(&content),
                5 => check_seed(&format!("A for dev; upsert t by (a) {{ {{ a: {content} }} }}")),
                1 => check_content(&format!(
                    "A = 1; up {{ create table t {{ a: int = {content} }} }}"
                )),
                2 => check_content(&format!("A = 1; up {{ alter table t {content} }}")),
                _ => check_content(&format!("A = 1; up {{ {content} }}")),
            }
            Ok(())
        })
        .expect("no panic");
}

/// One change of a sequence of tokens.
#[derive(Clone, Copy, Debug)]
enum Spoil {
    Remove,
    Double,
    Swap,
    Replace(&'static str),
    Insert(&'static str),
}

#[test]
fn spoiled_migrations() {
    let piece = || prop::sample::select(PIECES);
    let spoil = prop_oneof![
        Just(Spoil::Remove),
        Just(Spoil::Double),
        Just(Spoil::Swap),
        piece().prop_map(Spoil::Replace),
        piece().prop_map(Spoil::Insert),
    ];
    let spoils = prop::collection::vec((any::<prop::sample::Index>(), spoil), 0..4);
    let strategy = (prop::sample::select(MIGRATIONS), spoils);
    TestRunner::new(config())
        .run(&strategy, |(migration, spoils)| {
            let mut pieces: Vec<&str> = migration.split_whitespace().collect();
            // One statement is spoiled; with all of them each case is slow.
            let statements: Vec<_> = pieces.split(|piece| *piece == "%%").collect();
            let which = spoils.first().map_or(0, |(at, _)| at.index(statements.len()));
            pieces = statements[which].to_vec();
            for (at, spoil) in spoils {
                let at = at.index(pieces.len().max(1));
                apply(&mut pieces, at, spoil);
            }
            check_content(&format!("A = 1; up {{ {} }}", pieces.join(" ")));
            Ok(())
        })
        .expect("no panic");
}

#[test]
fn spoiled_seeds() {
    let seeds: Vec<&'static str> = include_str!("random/seeds.txt").split("%%").collect();
    for seed in &seeds {
        let (text, origins, parsed) = super::parse_seed(&format!("seed! {{ {seed} }}"));
        assert!(parsed.value.is_some(), "{}", super::render(&text, &origins, &parsed.diagnostics));
    }
    let piece = || prop::sample::select(PIECES);
    let spoil = prop_oneof![
        Just(Spoil::Remove),
        Just(Spoil::Double),
        piece().prop_map(Spoil::Replace),
        piece().prop_map(Spoil::Insert),
    ];
    let spoils = prop::collection::vec((any::<prop::sample::Index>(), spoil), 1..4);
    TestRunner::new(config())
        .run(&(prop::sample::select(seeds), spoils), |(seed, spoils)| {
            // A doc comment ends with its line.
            let seed = seed.trim().strip_prefix("/// doc").unwrap_or(seed);
            let mut pieces: Vec<&str> = seed.split_whitespace().collect();
            for (at, spoil) in spoils {
                let at = at.index(pieces.len().max(1));
                apply(&mut pieces, at, spoil);
            }
            check_seed(&pieces.join(" "));
            Ok(())
        })
        .expect("no panic");
}

fn apply(pieces: &mut Vec<&'static str>, at: usize, spoil: Spoil) {
    if at >= pieces.len() {
        return;
    }
    match spoil {
        Spoil::Remove => {
            pieces.remove(at);
        }
        Spoil::Double => pieces.insert(at, pieces[at]),
        Spoil::Swap => {
            let next = (at + 1) % pieces.len();
            pieces.swap(at, next);
        }
        Spoil::Replace(piece) => pieces[at] = piece,
        Spoil::Insert(piece) => pieces.insert(at, piece),
    }
}

#[test]
fn what_is_spoiled_is_valid_before() {
    for migration in MIGRATIONS {
        for statement in migration.split("%%") {
            let (text, origins, parsed) = super::parse_up(statement);
            let mistakes = super::render(&text, &origins, &parsed.diagnostics);
            assert!(parsed.value.is_some(), "{mistakes}");
        }
    }
}

#[test]
fn arbitrary_text() {
    let config = Config { cases: config().cases / 5, ..config() };
    TestRunner::new(config)
        .run(&"\\PC{0,40}", |text| {
            check_content(&text);
            check_text(&text);
            Ok(())
        })
        .expect("no panic");
}
