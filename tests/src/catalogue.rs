//! The catalogue of PostgreSQL's own types, functions, operators and so on, read from servers.
//!
//! `cargo run -p tests --bin catalogue` writes what [`collect`] reads to
//! `deepref-schema/core/src/catalogue/`; a test compares both.

use crate::server::TestServer;
use crate::{database, server};
use deepref_schema::server::{Binaries, Options, Server};
use postgres::Client;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One file of the catalogue: its name and the query that fills it.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The name of the file, without its ending.
    pub name: &'static str,
    query: &'static str,
}

macro_rules! kinds {
    ($($name:literal),* $(,)?) => {
        /// Every file of the catalogue.
        pub const KINDS: &[Kind] =
            &[$(Kind { name: $name, query: include_str!(concat!("catalogue/", $name, ".sql")) }),*];
    };
}

kinds![
    "access_methods",
    "aliases",
    "casts",
    "collations",
    "extensions",
    "functions",
    "keywords",
    "operator_classes",
    "operators",
    "relations",
    "text_search_configurations",
    "types",
];

/// To what each object belongs: to an extension, or, with an empty name, to PostgreSQL.
const OWNER: &str = "
    WITH owner (class, object, extension) AS (
        SELECT d.classid, d.objid, e.extname::text FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_opclass WHERE opcnamespace = 'pg_catalog'::regnamespace AND oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_ts_config WHERE cfgnamespace = 'pg_catalog'::regnamespace AND oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_cast WHERE oid < 16384
        UNION ALL
        SELECT tableoid, oid, NULL FROM pg_am WHERE oid < 16384
    )
";

/// Where the files are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("deepref-schema")
        .join("core/src/catalogue")
}

/// The rows of each kind, with the major versions that have them, from every supported version.
pub fn collect() -> BTreeMap<&'static str, BTreeMap<String, BTreeSet<u32>>> {
    let mut collected: BTreeMap<_, BTreeMap<_, BTreeSet<_>>> = BTreeMap::new();
    for server in server::all() {
        for kind in KINDS {
            let rows = collected.entry(kind.name).or_default();
            for row in rows_of(server, *kind) {
                rows.entry(row).or_default().insert(server.major());
            }
        }
    }
    collected
}

/// The names of ICU's collations, from the first server of this machine that is built with ICU: the
/// fetched ones are not. Nothing when there is none.
pub fn icu_collations() -> Option<BTreeMap<String, BTreeSet<u32>>> {
    const QUERY: &str = "SELECT collname::text FROM pg_collation WHERE collname LIKE '%-x-icu'";
    let installed = Binaries::all().unwrap_or_else(|error| panic!("{error}"));
    installed.into_iter().find_map(|binaries| {
        let mut options = Options::in_folder(server::target_folder().join("server-with-icu"));
        options.binaries = Some(binaries);
        let server = Server::start(&options).unwrap_or_else(|error| panic!("{error}"));
        let mut client =
            Client::connect(&server.url("postgres"), postgres::NoTls).expect("the server answers");
        let rows = client.query(QUERY, &[]).expect("collations are listed");
        let every = BTreeSet::from(server::MAJORS);
        let names: BTreeMap<_, _> = rows.iter().map(|row| (row.get(0), every.clone())).collect();
        (!names.is_empty()).then_some(names)
    })
}

/// The lines of a file, sorted by bytes: the row and the versions that have it.
pub fn lines(rows: &BTreeMap<String, BTreeSet<u32>>) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .iter()
        .flat_map(|(row, majors)| ranges(majors).map(move |range| format!("{row}\t{range}")))
        .collect();
    lines.sort();
    lines
}

/// A database in which every extension of the catalogue is created.
pub fn with_extensions(server: &'static TestServer) -> database::TestDatabase {
    // Like the query of extensions, without the languages.
    const EXTENSIONS: &str = "SELECT name FROM pg_available_extensions WHERE name !~ 'plperl|plpython|pltcl' ORDER BY name";
    database::prepared(server, "every_extension", |client| {
        for row in client.query(EXTENSIONS, &[]).expect("extensions are listed") {
            let name: &str = row.get(0);
            let created =
                client.batch_execute(&format!("CREATE EXTENSION IF NOT EXISTS \"{name}\" CASCADE"));
            created.unwrap_or_else(|error| panic!("`{name}`: {error:?}"));
        }
    })
}

/// The rows of one kind that a server has, without versions.
pub fn rows_of(server: &'static TestServer, kind: Kind) -> BTreeSet<String> {
    read(&mut with_extensions(server).client(), kind).into_iter().collect()
}

fn read(client: &mut Client, kind: Kind) -> Vec<String> {
    let rows = client.query(&format!("{OWNER} {}", kind.query), &[]);
    let rows = rows.unwrap_or_else(|error| panic!("{}: {error:?}", kind.name));
    rows.iter().map(fields).collect()
}

fn fields(row: &postgres::Row) -> String {
    let fields: Vec<&str> =
        (0..row.len()).map(|index| row.get::<_, Option<&str>>(index).unwrap_or("")).collect();
    fields.join("\t")
}

/// Unbroken ranges of versions as the files write them: see `Majors` in the catalogue.
fn ranges(majors: &BTreeSet<u32>) -> impl Iterator<Item = String> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for major in majors {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *major => *last = *major,
            _ => ranges.push((*major, *major)),
        }
    }
    ranges.into_iter().map(|(first, last)| {
        format!("{}{}", open(first, server::MAJORS[0], ""), open(last, server::MAJORS[4], "-"))
    })
}

/// Nothing at the ends: what is in the oldest version was there before, what is in the newest will stay.
fn open(major: u32, end: u32, mark: &str) -> String {
    if major == end { String::new() } else { format!("{mark}{major}") }
}
