//! Functions that migrations run: in the transaction of the migration, or not at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use deepref_schema::{
    Config, Error, Function, History, Migrator, Segment, SegmentKind, Target, testing,
};
use tests::database::{TestDatabase, fresh};
use tests::history::{call, history, migration, outside, simple, step, table, transaction};
use tests::server;

#[path = "rust_steps/commands.rs"]
mod commands;
#[path = "rust_steps/failures.rs"]
mod failures;

mod compiled {
    use deepref_schema::{StatementError, Transaction};

    /// Asks for the type of an enum, so that the driver prepares statements of its own.
    pub(crate) fn tag(transaction: &mut Transaction) -> Result<(), StatementError> {
        for row in transaction.query("SELECT id, kind, name FROM items ORDER BY id", &[])? {
            let (id, name): (i32, &str) = (row.get(0), row.get(2));
            let tag = format!("{name}-{id}");
            let changed =
                transaction.execute("UPDATE items SET tag = $1 WHERE id = $2", &[&tag, &id])?;
            assert_eq!(changed, 1);
        }
        Ok(())
    }

    pub(crate) fn untag(transaction: &mut Transaction) -> Result<(), String> {
        let untag = transaction.batch_execute("UPDATE items SET tag = NULL; SELECT 1");
        untag.map_err(|error| error.to_string())
    }

    deepref_schema::migrations! {
        migration Items = 1 {
            up {
                create enum kind { small, large }
                create table items { id: int primary key, kind: kind, name: text, tag: text? }
                sql "INSERT INTO items VALUES (1, 'small', 'a'), (2, 'large', 'b')" down none;
                run tag revert untag;
                create index on items (tag);
            }
        }
        #[lock_timeout = "10s"]
        #[statement_timeout = "5min"]
        #[idle_in_transaction_session_timeout = "2h"]
        #[attempts = 1]
        migration Again = 2 {
            up {
                alter enum kind add value huge;
                run self::tag revert none;
            }
        }
        migration Written = 3 {
            up { run untag; }
            down { run tag; }
        }
    }
}

fn migrator(history: &History, database: &TestDatabase) -> Migrator {
    history.migrator(Config::from_url(&database.tcp_url()).unwrap())
}

fn tags(database: &TestDatabase) -> Vec<Option<String>> {
    let rows = database.client().query("SELECT tag FROM items ORDER BY id", &[]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn tagged() -> Vec<Option<String>> {
    vec![Some("a-1".into()), Some("b-2".into())]
}

#[test]
fn functions_are_part_of_their_migrations() {
    for server in server::all() {
        let database = fresh(server);
        let mut migrator = migrator(&compiled::HISTORY, &database).to(2);
        assert_eq!(migrator.run().unwrap().done.len(), 2);
        assert_eq!(tags(&database), tagged());
        let mut migrator = migrator.to(3);
        migrator.run().unwrap();
        assert_eq!(tags(&database), [None, None]);
        let plan = migrator.plan_revert(Target::Steps(1)).unwrap();
        assert_eq!(plan.items()[0].functions, ["tag"]);
        assert!(!plan.needs_consent());
        migrator.revert(&plan).unwrap();
        assert_eq!(tags(&database), tagged());
        let plan = migrator.plan_revert(Target::Version(0)).unwrap().accept();
        assert_eq!(migrator.revert(&plan).unwrap().done.len(), 2);
    }
}

#[test]
fn names_without_a_schema_are_those_of_the_tenant() {
    let database = fresh(server::newest());
    for schema in ["tenant_a", "tenant_b"] {
        migrator(&compiled::HISTORY, &database).to(2).schema(schema).run().unwrap();
        let count = format!("SELECT count(*) FROM {schema}.items WHERE tag IS NOT NULL");
        let tagged: i64 = database.client().query_one(&count, &[]).unwrap().get(0);
        assert_eq!(tagged, 2, "{schema}");
    }
}

#[test]
fn the_text_of_a_migration_names_its_functions() {
    let texts: Vec<_> =
        compiled::HISTORY.migrations.iter().map(|one| testing::snapshot(one)).collect();
    assert_eq!(
        texts[0],
        "\
-- 1 Items
-- reversible: lossy
-- a revert deletes the rows of items
-- a revert runs untag, which may do anything

-- up: in one transaction
CREATE TYPE kind AS ENUM ('small', 'large');
CREATE TABLE items (
    id integer NOT NULL,
    kind kind NOT NULL,
    name text NOT NULL,
    tag text,
    CONSTRAINT items_pkey PRIMARY KEY (id)
);
INSERT INTO items VALUES (1, 'small', 'a'), (2, 'large', 'b');
-- run tag (Rust, which may do anything)
SET CONSTRAINTS ALL IMMEDIATE;
CREATE INDEX items_tag_idx ON items USING btree (tag);

-- down: in one transaction
-- run untag (Rust, which may do anything)
SET CONSTRAINTS ALL IMMEDIATE;
-- locks items against reads and writes
DROP TABLE items;
DROP TYPE kind;
"
    );
    let limits = "\
-- lock_timeout = \"10s\"
-- statement_timeout = \"5min\"
-- idle_in_transaction_session_timeout = \"2h\"
-- attempts = 1
";
    assert!(texts[1].contains(limits), "{}", texts[1]);
}

#[test]
fn up_and_down_lead_to_the_same() {
    let database = fresh(server::newest());
    testing::check_up_down_up(&compiled::HISTORY, &database.tcp_url()).unwrap();
}

#[test]
fn a_comparison_with_the_history_runs_them() {
    let database = fresh(server::newest());
    let mut migrator = migrator(&compiled::HISTORY, &database);
    migrator.run().unwrap();
    assert_eq!(migrator.verify(None).unwrap().differences, Vec::<String>::new());
    database.client().batch_execute("ALTER TABLE items ADD COLUMN extra int").unwrap();
    assert_eq!(migrator.verify(None).unwrap().differences.len(), 1);
}

#[test]
fn the_ledger_alone_does_not_revert_them() {
    let database = fresh(server::newest());
    let undo = Function { path: "steps::undo", call: |_| Ok(()) };
    let down = Segment {
        kind: SegmentKind::Transaction,
        steps: vec![call(undo), step("DROP TABLE u")].leak(),
    };
    let newer = migration(2, "Newer", vec![transaction(&["CREATE TABLE u (id int)"])], vec![down]);
    migrator(&history(vec![table(1), newer]), &database).run().unwrap();
    let error = migrator(&history(vec![table(1)]), &database).plan_revert(Target::Steps(1));
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Newer2` can not be reverted from the ledger: it runs `steps::undo`, of a program that this \
         is not\n  help: use the program that applied it"
    );
    assert_eq!(error.exit_code(), 6);
    let mut newer = migrator(&history(vec![table(1), newer]), &database);
    let plan = newer.plan_revert(Target::Steps(1)).unwrap();
    newer.revert(&plan).unwrap();
}

#[test]
fn a_function_between_other_segments_is_called_once() {
    static FAILS: AtomicUsize = AtomicUsize::new(1);
    let database = fresh(server::newest());
    let count = Function {
        path: "steps::count",
        call: |transaction| {
            transaction.execute("UPDATE t1 SET id = id + 1", &[])?;
            match FAILS.swap(0, Ordering::SeqCst) {
                0 => Ok(()),
                _ => Err("not yet".into()),
            }
        },
    };
    let called = Segment { kind: SegmentKind::Transaction, steps: vec![call(count)].leak() };
    let index = |name| {
        outside(Box::leak(
            format!("CREATE INDEX CONCURRENTLY {name} ON public.t1 (id)").into_boxed_str(),
        ))
    };
    let long = migration(2, "Long", vec![index("a"), called, index("b")], vec![]);
    let rows = simple(1, "Rows", &["CREATE TABLE t1 (id int)", "INSERT INTO t1 VALUES (1)"], &[]);
    let history = history(vec![rows, long]);
    let error = migrator(&history, &database).run().unwrap_err();
    let Error::Migration { segment, failure, .. } = &error else { panic!("{error}") };
    assert_eq!((*segment, failure.message.as_str()), (Some((2, 3)), "not yet"));
    migrator(&history, &database).run().unwrap();
    let id: i32 = database.client().query_one("SELECT id FROM t1", &[]).unwrap().get(0);
    assert_eq!(id, 2);
}
