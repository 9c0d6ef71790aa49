//! The whole way from tokens to tokens, without a compiler.

use std::path::PathBuf;

use proc_macro2::TokenStream;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::migrations;
use crate::site::Site;

/// The number of token streams, for runs that are shorter or longer than usual.
const CASES_VARIABLE: &str = "DEEPREF_RANDOM_CASES";

const USUAL_CASES: u32 = 1_500;

fn expand(content: &str) -> Option<String> {
    let tokens: TokenStream = content.parse().ok()?;
    let site = Site { file: None, manifest_dir: PathBuf::from("/nowhere") };
    Some(migrations::expand(tokens, &site).to_string())
}

const BEFORE: &str = "migration Before = 1 { up {
    create schema app; create extension citext; create sequence s;
    create enum kyc { pending, verified }
    create table users { id: bigint primary key identity, name: text, email: text?, kyc: kyc? }
    create table t { a: int primary key, b: text = \"x\", c: timestamp?, d: numeric(10, 2)? }
    create index i on t (b);
} }";

/// Statements that are valid after [`BEFORE`], to be spoiled.
#[rustfmt::skip]
const STATEMENTS: &[&str] = &[
    "create table app . o { id : bigint primary key identity , n : int unique = 0 , e : text = lower ( \"A\" ) || \"b\" , f : bigint ? references users on delete cascade , check ( n > 0 and not n is null ) }",
    "alter table t { add column e : int ? check ( e > 1 ) , rename column b to f , alter column c set default now ( ) , add unique U ( b ) concurrently }",
    "alter table t alter column b type varchar using b :: varchar revert using b :: text ;",
    "#[allow(data_loss, reason = \"x\")] alter table users { drop column name restore as \"\" , drop column kyc }",
    "alter table users { alter column email set not null concurrently , add check C ( length ( email ) > 1 ) not valid , validate constraint C }",
    "create unique index concurrently j on t ( lower ( b ) , d desc nulls last ) include ( c ) where c is null ;",
    "reindex index i concurrently ; reindex table t ;",
    "drop index i ; alter index i rename to k ; alter table t rename to u ;",
    "alter enum kyc { add value open before verified , rename value pending to waiting , drop value open }",
    "create sequence app . q as int start 5 increment - 1 owned by t . a ; alter sequence s restart 5 ; drop sequence s ;",
    "comment on column t . a is \"x\" ; comment on table users is \"y\" ; comment on table users is none ;",
    "update users set name = name || \" \" , email = null where id > 5 in batches of 100 down \"UPDATE users SET name = ''\" ;",
    "sql \"CREATE VIEW v AS SELECT 1\" down \"DROP VIEW v\" ; sql \"ANALYZE t\" down none ;",
    "run fill revert none ; run crate :: steps :: fill revert self :: empty ; run :: other :: r#fill revert none ;",
    "alter table t add exclude using gist ( a with = ) where ( a > 1 ) ; drop extension citext ; drop schema app ;",
];

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "create", "alter", "drop", "table", "index", "column", "constraint", "t", "users", "a", "b", "id", "name",
    "int", "text", "serial", "kyc", "null", "not", "case", "when", "end", "identity", "unique", "check", "(",
    ")", "{", "}", "[", "]", "{}", "()", ",", ";", ":", "::", ".", "=", "-", "+", "<", ">", "||", "*", "?",
    "\"x\"", "\"-\"", "\"a b\"", "\"\"", "1", "1.5", "99999999999999999999", "'x'", "r#user", "user", "now ( )",
    "Ab", "\u{e4}", "#[allow(x, reason = \"y\")]", "in", "is", "and", "or", "interval", "array", "select",
    "reindex", "run", "revert", "none", "self", "crate", "r#type", "fn",
];

/// One change of a sequence of tokens.
#[derive(Clone, Copy, Debug)]
enum Spoil {
    Remove,
    Double,
    Swap,
    Replace(&'static str),
    Insert(&'static str),
}

fn apply(pieces: &mut Vec<&'static str>, at: usize, spoil: Spoil) {
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

fn config() -> Config {
    let cases = std::env::var(CASES_VARIABLE).ok().and_then(|cases| cases.parse().ok());
    let cases = cases.unwrap_or(USUAL_CASES);
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// Whatever is in a migration, the macro does not panic, and its output is the
/// history and errors, never half a migration.
#[test]
fn spoiled_histories() {
    let piece = || prop::sample::select(PIECES);
    let spoil = prop_oneof![
        Just(Spoil::Remove),
        Just(Spoil::Double),
        Just(Spoil::Swap),
        piece().prop_map(Spoil::Replace),
        piece().prop_map(Spoil::Insert),
    ];
    let spoils = prop::collection::vec((any::<prop::sample::Index>(), spoil), 0..4);
    let strategy = (prop::sample::select(STATEMENTS), prop::sample::select(STATEMENTS), spoils);
    TestRunner::new(config())
        .run(&strategy, |(first, second, spoils)| {
            let mut pieces: Vec<&str> = first.split(' ').chain(second.split(' ')).collect();
            for (at, spoil) in spoils {
                let at = at.index(pieces.len());
                apply(&mut pieces, at, spoil);
            }
            let case = pieces.join(" ");
            let history = format!("{BEFORE} migration Case = 2 {{ up {{ {case} }} }}");
            if let Some(output) = expand(&history) {
                assert!(output.contains("HISTORY"), "{case}");
                let empty = output.contains("unpack (& [])");
                assert_eq!(empty, output.contains("compile_error"), "{case}: {output}");
            }
            proc_macro2::extra::invalidate_current_thread_spans();
            Ok(())
        })
        .expect("no panic");
}

/// Structs that are valid after [`BEFORE`], to be spoiled.
#[rustfmt::skip]
const STRUCTS: &[&str] = &[
    "# [ entity ( table = users , rename_all = \"camelCase\" , unique U ( name , email ) , check ( name <> \"\" ) , index i ( lower ( name ) desc ) include ( email ) where email is null , comment = \"x\" , deny ( drift ) , history = \"y\" ) ] pub struct User < 'a > { # [ column ( primary key , identity ) ] id : i64 , # [ column ( type = varchar ( 20 ) ? , default = \"x\" , unique ) ] name : Option < Cow < 'a , str > > , email : Vec < u8 > , kyc : Kyc }",
    "# [ entity ( table = app . t , partial , serde , foreign key ( a , b ) references t ( a , b ) on delete set null , exclude using gist ( a with = ) ) ] struct T { # [ column ( references t on delete cascade deferrable , check ( a > 1 ) , index i , rename = \"a b\" ) ] # [ serde ( rename ( serialize = \"x\" ) ) ] a : i32 , # [ column ( generated as ( a + 1 ) stored , collate C , comment ) ] b : Option < [ Json < X > ; 3 ] > }",
];

/// Whatever is in a struct, its derive does not panic, and it either is an
/// entity or has an error.
#[test]
fn spoiled_entities() {
    let history = format!("deepref_schema::migrations! {{ {BEFORE} }}");
    let fold = deepref_schema_syntax::history::fold(&history, &Vec::new()).expect("a history");
    let piece = || prop::sample::select(PIECES);
    let spoil = prop_oneof![
        Just(Spoil::Remove),
        Just(Spoil::Double),
        Just(Spoil::Swap),
        piece().prop_map(Spoil::Replace),
        piece().prop_map(Spoil::Insert),
    ];
    let spoils = prop::collection::vec((any::<prop::sample::Index>(), spoil), 0..4);
    TestRunner::new(config())
        .run(&(prop::sample::select(STRUCTS), spoils), |(written, spoils)| {
            let mut pieces: Vec<&str> = written.split(' ').collect();
            for (at, spoil) in spoils {
                let at = at.index(pieces.len());
                apply(&mut pieces, at, spoil);
            }
            let case = pieces.join(" ");
            if let Ok(tokens) = case.parse::<TokenStream>() {
                let mut origins = deepref_schema_syntax::Origins::new();
                let parsed = deepref_schema_syntax::entity::parse_entity(tokens, &mut origins);
                match &parsed.value {
                    Some(entity) => drop(entity.of.compare(&fold)),
                    None => assert!(parsed.broken, "{case}"),
                }
            }
            proc_macro2::extra::invalidate_current_thread_spans();
            Ok(())
        })
        .expect("no panic");
}

#[test]
fn a_valid_history_is_expanded() {
    let output = expand(BEFORE).expect("tokens");
    assert!(!output.contains("compile_error"), "{output}");
    assert!(output.contains("CREATE TABLE users"), "{output}");
}
