//! The history of the DeepRef database on every server: its catalogs, its way back, its data; and
//! two mistakes of the migrations that it began as, which the model must see.

use std::fs;
use std::path::{Path, PathBuf};

use deepref_schema::{Config, Target};
use deepref_schema_core::history::{Fold, Verified};
use deepref_schema_core::migration::Migration;
use deepref_schema_syntax::{Origins, list_in_file, migration_in_file};
use migrations::HISTORY;
use postgres::Client;
use tests::catalog::{assert_same, snapshot};
use tests::database::{TestDatabase, fresh};
use tests::model::{assert_accepted, step};
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
    for server in all() {
        let database = fresh(server);
        for (version, wanted) in CATALOGS {
            run(&database, version);
            let mut wanted: Vec<String> = wanted.lines().map(str::to_owned).collect();
            wanted.sort();
            assert_same(&wanted, &known_catalog(&mut database.client()));
        }
    }
}

/// The DDL that the history carries makes the same schema at once.
#[test]
fn the_final_schema_is_what_the_migrations_leave() {
    for server in all() {
        let (migrated, made) = (fresh(server), fresh(server));
        HISTORY.migrator(config(&migrated)).run().unwrap();
        made.client().batch_execute(&HISTORY.schema().sql()).unwrap();
        assert_same(&schema(&migrated), &schema(&made));
    }
}

/// Each migration up, down and up again, with rows in the tables from the third one on.
#[test]
fn every_migration_goes_back_and_forth_with_data() {
    for server in all() {
        let database = fresh(server);
        let empty = schema(&database);
        for migration in HISTORY.migrations {
            let before = (schema(&database), rows(&database));
            run(&database, migration.version);
            let after = (schema(&database), rows(&database));
            revert(&database);
            assert_same(&before.0, &schema(&database));
            assert_same(&before.1, &rows(&database));
            run(&database, migration.version);
            assert_same(&after.0, &schema(&database));
            assert_same(&after.1, &rows(&database));
            if migration.version == CATALOGS[2].0 {
                database.client().batch_execute(ROWS).unwrap();
            }
        }
        HISTORY.migrations.iter().for_each(|_| revert(&database));
        assert_same(&empty, &schema(&database));
    }
}

/// What is written after EnhanceAISystemTables survives its revert as well: prompts that have no
/// encrypted form, and those whose form was changed.
#[test]
fn prompts_survive_the_way_back() {
    for server in all() {
        let database = fresh(server);
        run(&database, CATALOGS[2].0);
        database.client().batch_execute(ROWS).unwrap();
        run(&database, 1732025000004);
        let changes = "
            INSERT INTO ai_prompts (prompt_id, version, name, model_preference) VALUES ('new', '1', 'New', 'small');
            UPDATE ai_prompts SET system_prompt_encrypted = 'changed' WHERE prompt_id = 'prompt-2'";
        database.client().batch_execute(changes).unwrap();
        revert(&database);
        let query = "SELECT \"promptId\", \"systemPrompt\" FROM ai_prompts
            WHERE \"promptId\" IN ('new', 'prompt-1', 'prompt-2', 'prompt-2500') ORDER BY 1";
        let rows = database.client().query(query, &[]).unwrap();
        let found: Vec<(&str, &str)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let wanted = [
            ("new", ""),
            ("prompt-1", ""),
            ("prompt-2", "changed"),
            ("prompt-2500", "You are number 2500"),
        ];
        assert_eq!(found, wanted);
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
    let verified = step(&mut before("m1732025000004_enhance_ai_system_tables"), 1, same_name);
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
    let verified = step(&mut before("m1732025000005_create_mfa_tables"), 1, same_work);
    let rules: Vec<_> = verified.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
    assert_eq!(rules, ["duplicate_index"; 7]);
    assert_eq!(
        texts(&verified)[0],
        "index `IDX_ai_prompts_isActive` is the same [duplicate_index]\n\n\
         help: delete it\n\
         note: `IDX_ai_prompts_isActive` is created in m1732025000003_create_indexes"
    );
}

/// Applies migrations up to a version.
fn run(database: &TestDatabase, version: i64) {
    let report = HISTORY.migrator(config(database)).to(version).run().unwrap();
    assert!(!report.done.is_empty(), "{version} is applied already");
}

/// Reverts the last migration.
fn revert(database: &TestDatabase) {
    let mut migrator = HISTORY.migrator(config(database));
    let plan = migrator.plan_revert(Target::Steps(1)).unwrap().accept();
    migrator.revert(&plan).unwrap();
}

fn config(database: &TestDatabase) -> Config {
    Config::from_url(&database.tcp_url()).unwrap()
}

/// The catalog without the ledger.
fn schema(database: &TestDatabase) -> Vec<String> {
    let mut lines = snapshot(&mut database.client());
    lines.retain(|line| is_no_ledger(line));
    lines
}

fn is_no_ledger(line: &str) -> bool {
    !line.contains("migrations")
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

/// The catalog without the ledger, in the form of the known ones.
fn known_catalog(client: &mut Client) -> Vec<String> {
    let rows = client.query(include_str!("deepref/catalog.sql"), &[]).expect("the catalog");
    let line = |row: &postgres::Row| {
        let fields: [Option<&str>; 4] = std::array::from_fn(|index| row.get(index));
        fields.map(Option::unwrap_or_default).join("\t")
    };
    let mut lines: Vec<String> = rows.iter().map(line).filter(|line| is_no_ledger(line)).collect();
    lines.sort();
    lines
}

/// Every row of every table but the ledger, without the columns whose values come from the clock
/// when EnhanceAISystemTables adds them.
fn rows(database: &TestDatabase) -> Vec<String> {
    const TABLES: &str = "SELECT relname::text FROM pg_class WHERE relkind = 'r'
        AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'migrations%'";
    let mut client = database.client();
    let tables = client.query(TABLES, &[]).unwrap();
    let mut lines = Vec::new();
    for table in tables.iter().map(|row| row.get::<_, &str>(0)) {
        let query =
            format!("SELECT (to_jsonb(t) - 'created_at' - 'updated_at')::text FROM \"{table}\" t");
        let rows = client.query(&query, &[]).unwrap();
        lines.extend(rows.iter().map(|row| format!("{table}\t{}", row.get::<_, &str>(0))));
    }
    lines.sort();
    lines
}
