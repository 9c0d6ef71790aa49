//! The history of the DeepRef database on every server: its catalogs, its way back, its data; and
//! two mistakes of the migrations that it began as, which the model must see.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::migration::Migration;
use deepref_schema_core::schema::Schema;
use deepref_schema_syntax::{Origins, list_in_file, migration_in_file};
use postgres::Client;
use tests::catalog::{assert_same, snapshot};
use tests::database::fresh;
use tests::model::{apply, assert_accepted, model_catalog};
use tests::server::all;

/// What the first migrations must leave, by version, as `deepref/catalog.sql` reads it.
const CATALOGS: [(i64, &str); 3] = [
    (1732025000001, include_str!("deepref/catalog-after-1732025000001.tsv")),
    (1732025000002, include_str!("deepref/catalog-after-1732025000002.tsv")),
    (1732025000003, include_str!("deepref/catalog-after-1732025000003.tsv")),
];

/// Rows for every table that the first three migrations make.
const ROWS: &str = include_str!("deepref/rows.sql");

#[test]
fn the_first_three_leave_the_known_catalogs() {
    let (migrations, _) = history();
    for server in all() {
        let database = fresh(server);
        let mut client = database.client();
        let mut catalogs = BTreeMap::from(CATALOGS);
        for (migration, verified) in &migrations {
            apply(&mut client, &verified.up).unwrap();
            if let Some(wanted) = catalogs.remove(&migration.version) {
                let mut wanted: Vec<String> = wanted.lines().map(str::to_owned).collect();
                wanted.sort();
                assert_same(&wanted, &known_catalog(&mut client));
            }
        }
        assert!(catalogs.is_empty(), "no such migrations: {catalogs:?}");
    }
}

#[test]
fn the_model_is_what_the_servers_have() {
    let (migrations, schema) = history();
    for server in all() {
        let database = fresh(server);
        let mut client = database.client();
        for (_, verified) in &migrations {
            apply(&mut client, &verified.up).unwrap();
        }
        assert_same(&model_catalog(server, &schema).unwrap(), &snapshot(&mut client));
    }
}

/// Each migration up, down and up again, with rows in the tables from the third one on.
#[test]
fn every_migration_goes_back_and_forth_with_data() {
    let (migrations, _) = history();
    for server in all() {
        let database = fresh(server);
        let mut client = database.client();
        let empty = snapshot(&mut client);
        for (migration, verified) in &migrations {
            let (before, rows_before) = (snapshot(&mut client), rows(&mut client));
            apply(&mut client, &verified.up).unwrap();
            let (after, rows_after) = (snapshot(&mut client), rows(&mut client));
            apply(&mut client, verified.down.as_ref().expect("a way back")).unwrap();
            assert_same(&before, &snapshot(&mut client));
            assert_same(&rows_before, &rows(&mut client));
            apply(&mut client, &verified.up).unwrap();
            assert_same(&after, &snapshot(&mut client));
            assert_same(&rows_after, &rows(&mut client));
            if migration.version == 1732025000003 {
                client.batch_execute(ROWS).unwrap();
            }
        }
        for (_, verified) in migrations.iter().rev() {
            apply(&mut client, verified.down.as_ref().expect("a way back")).unwrap();
        }
        assert_same(&empty, &snapshot(&mut client));
    }
}

/// CreateEmailLogsTable was numbered 1700000000000, before InitialSchema: it uses a function of the
/// extension that InitialSchema creates.
#[test]
fn email_logs_can_not_come_first() {
    let mut fold = Fold::new(list().settings);
    let migration = read("m1732025000006_create_email_logs_table");
    let verified = fold.step("m1700000000000_create_email_logs_table", &migration);
    assert_eq!(
        texts(&verified),
        ["no function `uuid_generate_v4` exists here [unknown_function]\n\n\
          help: the function comes with an extension: write `create extension \"uuid-ossp\";` before it"]
    );
}

/// EnhanceAISystemTables made an index that was there, and seven that do the work of others.
#[test]
fn duplicate_indexes_are_refused() {
    let before = |stem: &str| {
        let mut fold = Fold::new(list().settings);
        let earlier = list().files.into_iter().take_while(|file| file.as_str() != stem);
        earlier.for_each(|file| assert_accepted(&fold.step(file.as_str(), &read(file.as_str()))));
        fold
    };
    let same_name = "up { create index IDX_ai_interactions_success on ai_interactions (success); }";
    let verified =
        tests::model::step(&mut before("m1732025000004_enhance_ai_system_tables"), 1, same_name);
    assert_eq!(
        texts(&verified),
        [
            "`IDX_ai_interactions_success` exists already: index of table `ai_interactions` [already_exists]\n\n\
          note: `IDX_ai_interactions_success` is created in m1732025000003_create_indexes"
        ]
    );
    let same_work = "up {
        create index IDX_ai_prompts_is_active on ai_prompts (is_active);
        create index IDX_ai_sessions_session_type on ai_sessions (session_type);
        create index IDX_ai_interactions_model_used on ai_interactions (model_used);
        create index IDX_ai_interactions_created_at on ai_interactions (created_at);
        create index IDX_ai_interactions_session_id_created_at on ai_interactions (session_id, created_at);
        create index IDX_ai_finetune_datasets_quality_score on ai_finetune_datasets (quality_score);
        create index IDX_ai_finetune_datasets_included_in_training on ai_finetune_datasets (included_in_training);
    }";
    let verified =
        tests::model::step(&mut before("m1732025000005_create_mfa_tables"), 1, same_work);
    let rules: Vec<_> = verified.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
    assert_eq!(rules, ["duplicate_index"; 7]);
    assert_eq!(
        texts(&verified)[0],
        "index `IDX_ai_prompts_isActive` is the same [duplicate_index]\n\n\
         help: delete it\n\
         note: `IDX_ai_prompts_isActive` is created in m1732025000003_create_indexes"
    );
}

/// The migrations of DeepRef, checked, and the schema that they end in.
fn history() -> (Vec<(Migration, Verified)>, Schema) {
    let list = list();
    let mut fold = Fold::new(list.settings);
    let mut migrations = Vec::new();
    for file in list.files {
        let migration = read(file.as_str());
        let verified = fold.step(file.as_str(), &migration);
        assert_accepted(&verified);
        migrations.push((migration, verified));
    }
    (migrations, fold.schema().clone())
}

fn list() -> deepref_schema_syntax::List {
    let text = fs::read_to_string(source().join("history.rs")).expect("the list");
    let parsed = list_in_file(&text, &mut Origins::default()).expect("a `migrations!`");
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    parsed.value.expect("a list")
}

fn read(stem: &str) -> Migration {
    let text = fs::read_to_string(source().join("history").join(format!("{stem}.rs")));
    let text = text.unwrap_or_else(|error| panic!("{stem}: {error}"));
    let parsed = migration_in_file(&text, &mut Origins::default()).expect("a `migration!`");
    assert!(parsed.diagnostics.is_empty(), "{stem}: {:?}", parsed.diagnostics);
    parsed.value.expect("a migration")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("migrations").join("src")
}

fn texts(verified: &Verified) -> Vec<String> {
    verified.diagnostics.iter().map(|diagnostic| diagnostic.text()).collect()
}

/// The catalog in the form of the known ones.
fn known_catalog(client: &mut Client) -> Vec<String> {
    let rows = client.query(include_str!("deepref/catalog.sql"), &[]).expect("the catalog");
    let line = |row: &postgres::Row| {
        let fields: [Option<&str>; 4] = std::array::from_fn(|index| row.get(index));
        fields.map(Option::unwrap_or_default).join("\t")
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.sort();
    lines
}

/// Every row of every table, without the columns whose values come from the clock when
/// EnhanceAISystemTables adds them.
fn rows(client: &mut Client) -> Vec<String> {
    let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    let tables: Vec<String> =
        client.query(tables, &[]).unwrap().iter().map(|row| row.get(0)).collect();
    let mut lines = Vec::new();
    for table in tables {
        let query =
            format!("SELECT (to_jsonb(t) - 'created_at' - 'updated_at')::text FROM \"{table}\" t");
        let rows = client.query(&query, &[]).unwrap();
        lines.extend(rows.iter().map(|row| format!("{table}\t{}", row.get::<_, &str>(0))));
    }
    lines.sort();
    lines
}
