//! The catalogue says what real servers say, and its look-ups find it.

use deepref_schema_core::catalogue::casts::{self, CastContext};
use deepref_schema_core::catalogue::types::{self, Type, TypeKind};
use deepref_schema_core::catalogue::{self as core, Majors};
use postgres::{Client, SimpleQueryMessage};
use std::collections::BTreeSet;
use std::fs;
use tests::server::TestServer;
use tests::{catalogue, server};

#[test]
fn files_hold_what_servers_have() {
    for server in server::all() {
        for kind in catalogue::KINDS {
            let text =
                fs::read_to_string(catalogue::folder().join(format!("{}.tsv", kind.name))).unwrap();
            let rows = text.lines().map(|line| line.rsplit_once('\t').unwrap());
            let written = rows
                .filter(|(_, majors)| is_in(majors, server.major()))
                .map(|(row, _)| row.to_owned());
            let (written, real) =
                (written.collect::<BTreeSet<_>>(), catalogue::rows_of(server, *kind));
            let difference: Vec<_> = written.symmetric_difference(&real).take(10).collect();
            assert!(
                difference.is_empty(),
                "{} on {}: {difference:#?}\nhelp: `cargo run -p tests --bin catalogue`",
                kind.name,
                server.major()
            );
        }
    }
}

/// Like the catalogue's own reading of versions, but not by it.
fn is_in(majors: &str, major: u32) -> bool {
    let (first, last) = majors.split_once('-').unwrap_or((majors, ""));
    (first.is_empty() || first.parse::<u32>().unwrap() <= major)
        && (last.is_empty() || last.parse::<u32>().unwrap() >= major)
}

/// Every function of a server, asked in other words than the catalogue was.
const FUNCTIONS: &str = "
    SELECT proname::text, replace(oidvectortypes(proargtypes), ', ', ','), prorettype::regtype::text,
        proretset, proisstrict, pronargdefaults::int, provolatile::text, prokind::text, provariadic <> 0
    FROM pg_proc WHERE pronamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace)";

#[test]
fn functions_are_found_as_they_are() {
    use core::functions::FunctionKind::*;
    for server in server::all() {
        let rows = catalogue::with_extensions(server).client().query(FUNCTIONS, &[]).unwrap();
        assert!(rows.len() > 3500);
        for row in rows {
            let (name, arguments): (&str, &str) = (row.get(0), row.get(1));
            let matches = |function: &core::functions::Function| {
                function.majors.contains(server.major())
                    && function.name == name
                    && function.argument_list == arguments
                    && function.result == row.get::<_, &str>(2)
                    && (function.returns_set, function.strict, function.variadic)
                        == (row.get(3), row.get(4), row.get(8))
                    && function.defaults == row.get::<_, i32>(5) as usize
                    && function.volatility == volatility(row.get(6))
                    && function.kind
                        == match row.get(7) {
                            "f" => Function,
                            "p" => Procedure,
                            "a" => Aggregate,
                            _ => Window,
                        }
            };
            let found: Vec<_> = core::functions::named(name).filter(matches).collect();
            assert!(
                (1..=2).contains(&found.len()),
                "{name}({arguments}) on {}: {found:?}",
                server.major()
            );
        }
    }
}

fn volatility(letter: &str) -> core::Volatility {
    match letter {
        "i" => core::Volatility::Immutable,
        "s" => core::Volatility::Stable,
        _ => core::Volatility::Volatile,
    }
}

#[test]
fn operators_are_found_as_they_are() {
    const OPERATORS: &str = "
        SELECT oprname::text, nullif(oprleft, 0)::regtype::text, nullif(oprright, 0)::regtype::text, oprresult::regtype::text
        FROM pg_operator WHERE oprcode <> 0";
    for server in server::all() {
        for row in catalogue::with_extensions(server).client().query(OPERATORS, &[]).unwrap() {
            let (left, right): (Option<&str>, Option<&str>) = (row.get(1), row.get(2));
            let found = core::operators::between(left, row.get(0), right)
                .filter(|found| found.majors.contains(server.major()));
            let results: Vec<&str> = found.map(|found| found.result).collect();
            assert_eq!(results, [row.get::<_, &str>(3)], "{row:?} on {}", server.major());
        }
    }
}

#[test]
fn spellings_mean_what_the_server_reads() {
    for server in server::all() {
        let database = catalogue::with_extensions(server);
        let mut client = database.client();
        let spellings = fs::read_to_string(catalogue::folder().join("aliases.tsv")).unwrap();
        for spelling in spellings.lines().map(|line| line.split('\t').next().unwrap()) {
            let found = types::by_alias(spelling).filter(|found| {
                types::named(found.name).any(|row| row.majors.contains(server.major()))
            });
            let read: Option<String> = client
                .query_one("SELECT format_type(to_regtype($1), NULL)", &[&spelling])
                .unwrap()
                .get(0);
            assert_eq!(
                found.map(|found| found.format),
                read.as_deref(),
                "`{spelling}` on {}",
                server.major()
            );
        }
    }
}

/// Types that a column of this version can have.
fn column_types(server: &TestServer) -> Vec<Type> {
    let usable = |found: &Type| {
        found.majors.contains(server.major())
            && matches!(found.kind, TypeKind::Base | TypeKind::Range | TypeKind::Multirange)
    };
    types::all().filter(usable).collect()
}

#[test]
fn casts_are_allowed_where_the_server_allows_them() {
    for server in server::all() {
        let database = catalogue::with_extensions(server);
        let mut client = database.client();
        let column_types = column_types(server);
        for source in &column_types {
            for target in &column_types {
                let statement =
                    format!("SELECT CAST(NULL::{} AS {})", source.format, target.format);
                let allowed = prepares(&mut client, &statement);
                assert_eq!(
                    can_cast(source, target, server.major()),
                    allowed,
                    "`{statement}` on {}",
                    server.major()
                );
            }
        }
    }
}

/// What the rows say, and the two rules that need none.
fn can_cast(source: &Type, target: &Type, major: u32) -> bool {
    source.format == target.format
        || source.category == 'S'
        || target.category == 'S'
        || casts::between(source.format, target.format).any(|cast| cast.majors.contains(major))
}

#[test]
fn values_are_stored_where_the_server_stores_them() {
    let server = server::newest();
    let database = catalogue::with_extensions(server);
    let mut client = database.client();
    let column_types = column_types(server);
    for target in &column_types {
        let table =
            format!("DROP TABLE IF EXISTS target; CREATE TABLE target (value {})", target.format);
        client.batch_execute(&table).unwrap();
        for source in &column_types {
            let stored = prepares(
                &mut client,
                &format!("INSERT INTO target SELECT NULL::{}", source.format),
            );
            let by_row = casts::between(source.format, target.format).any(|cast| {
                cast.majors.contains(server.major()) && cast.context >= CastContext::Assignment
            });
            let expected = source.format == target.format || target.category == 'S' || by_row;
            assert_eq!(expected, stored, "{} into {}", source.format, target.format);
        }
    }
}

fn prepares(client: &mut Client, statement: &str) -> bool {
    client.prepare(statement).is_ok()
}

#[test]
fn indexes_get_the_operator_class_that_the_server_chooses() {
    for server in server::all() {
        let database = catalogue::with_extensions(server);
        let mut client = database.client();
        client.batch_execute("CREATE TYPE mood AS ENUM ('well')").unwrap();
        for method in core::access_methods::all().map(|method| method.name) {
            for data_type in
                column_types(server).iter().map(|found| found.format).chain(["text[]", "mood"])
            {
                let chosen = chosen_by_server(&mut client, method, data_type);
                let asked = if data_type == "mood" { "anyenum" } else { data_type };
                let mut candidates = core::operator_classes::default_for(method, asked);
                candidates.retain(|class| class.majors.contains(server.major()));
                let names: Vec<String> =
                    candidates.iter().map(|class| class.name.to_owned()).collect();
                assert_eq!(names, chosen, "{method} ({data_type}) on {}", server.major());
            }
        }
    }
}

/// Nothing where the server finds no class.
fn chosen_by_server(client: &mut Client, method: &str, data_type: &str) -> Vec<String> {
    let table = format!("DROP TABLE IF EXISTS indexed; CREATE TABLE indexed (value {data_type})");
    client.batch_execute(&table).unwrap_or_else(|error| panic!("`{table}`: {error:?}"));
    if client
        .batch_execute(&format!("CREATE INDEX made ON indexed USING {method} (value)"))
        .is_err()
    {
        return Vec::new();
    }
    let query = "SELECT opcname FROM pg_opclass JOIN pg_index ON indclass[0] = pg_opclass.oid WHERE indexrelid = 'made'::regclass";
    let answer = client.simple_query(query).unwrap();
    answer
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
        .collect()
}

#[test]
fn unknown_versions_are_taken_to_be_like_the_nearest() {
    assert!(
        Majors::ALL.contains(core::NEWEST_MAJOR + 1)
            && Majors::ALL.contains(core::OLDEST_MAJOR - 1)
    );
    assert_eq!((core::OLDEST_MAJOR, core::NEWEST_MAJOR), (server::MAJORS[0], server::MAJORS[4]));
}
