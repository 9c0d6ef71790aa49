//! The reader of live catalogs: what a server holds, as the model has it.

use deepref_schema::{Catalog, Config};
use deepref_schema_core::expr::Expr;
use deepref_schema_core::history::Fold;
use deepref_schema_core::ident::Ident;
use deepref_schema_core::migration::Settings;
use deepref_schema_core::schema::{ConstraintKind, ElementSubject, Schema, differences};
use tests::catalog::CHANGES;
use tests::database::TestDatabase;
use tests::model::{assert_accepted, execute};
use tests::{database, history, model, server};

/// One of everything that the model has.
const EVERYTHING: &str = r#"
    create extension citext;
    create schema app;
    create extension pg_trgm schema app;
    create enum mood { happy, sad, "in between", Ωmega }
    create enum app.Mood { a }
    comment on enum mood is "it's how \"they\" feel";
    create sequence numbers as smallint start 10 increment -3 minvalue -100 maxvalue 50 cache 5 cycle;
    create table app.Users {
        id: bigint primary key identity (start 100 increment 5 cache 3),
        number: int identity by default,
        email: citext unique,
        code: varchar(20) collate C = "new",
        letter: char, letters: char(4)?, one: "char"?,
        price: numeric(10, 2) = 0.5, exact: numeric(5)?, any: numeric?,
        at: timestamptz(3) = now(), plain: timestamp, daily: time(2)?, span: interval(3)?,
        tags: text[] = "{}", grid: int[][]?, moods: mood[]?, shorts: varchar(3)[]?,
        mood: mood = "happy", other: app.Mood?,
        bits: bit(3)?, more: varbit(8)?, data: jsonb = "{}", words: tsvector?,
        during: tstzrange?,
        net: cidr?,
        twice: numeric generated as (price * 2) stored,
        "Odd name": text?, select: boolean = true,

        unique UQ_mood (mood, code) include (price) deferrable initially deferred,
        check CHK_price (price >= 0 and (code <> ")" or code = "it's (")),
        exclude EX_during using gist (during with &&) where (price > 1),
    }
    create table "quoted\".name" {
        no: serial, user: bigint references app.Users on delete cascade on update set null deferrable,
        a: int?, b: text?,
        primary key (no, user),
        foreign key FK_self (a, user) references "quoted\".name" (no, user) on delete set default,
    }
    alter table "quoted\".name" { add check CHK_later (a > 1) not valid, add foreign key FK_later (user) references app.Users not valid }
    create unique index UQ_lower on app.Users (lower(letter) desc, price nulls first, id desc nulls last) include (mood) with (fillfactor = 50) where mood <> "sad";
    create index IDX_trgm on app.Users using gin (code app.gin_trgm_ops);
    create index IDX_pattern on app.Users (code text_pattern_ops, tags, (letter || letters) collate C);
    create index IDX_data on app.Users using gin (data jsonb_path_ops, words) with (fastupdate = off);
    create index IDX_brin on app.Users using brin (at) with (pages_per_range = 64);
    create index IDX_hash on app.Users using hash (email);
    create index IDX_net on app.Users (net, shorts, mood);
    create index IDX_gist on app.Users using gist (during, net inet_ops);
    comment on table app.Users is "people";
    comment on column app.Users.twice is "two, \\ of 'em";
    comment on index app.IDX_brin is "small";
    comment on constraint UQ_mood on app.Users is "once";
"#;

fn read(database: &TestDatabase) -> Catalog {
    let config = Config::from_url(&database.url()).unwrap();
    history::history(Vec::new()).migrator(config).inspect().unwrap()
}

/// The schema that statements of the language make.
fn schema_of(statements: &str) -> Schema {
    let mut fold = Fold::new(Settings::default());
    assert_accepted(&model::step(&mut fold, 1, &format!("up {{ {statements} }}")));
    fold.schema().clone()
}

fn made(server: &'static server::TestServer, schema: &Schema) -> TestDatabase {
    let database = database::fresh(server);
    execute(&mut database.client(), &schema.sql()).unwrap_or_else(|why| panic!("{why}"));
    database
}

/// Every expression replaced: a server does not write them as they were written.
fn without_expressions(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    let blank = |expr: &mut Expr| *expr = Expr::computed("x");
    for name in schema.tables.keys().cloned().collect::<Vec<_>>() {
        schema.change_table(&name, |table| {
            for column in &mut table.columns {
                column.default.iter_mut().for_each(blank);
                column.generated.iter_mut().for_each(blank);
            }
            for constraint in table.constraints.values_mut() {
                match &mut constraint.kind {
                    ConstraintKind::Check(expr) => blank(expr),
                    ConstraintKind::Exclusion(of) => of.predicate.iter_mut().for_each(blank),
                    _ => {}
                }
            }
            for index in table.indexes.values_mut() {
                index.predicate.iter_mut().for_each(blank);
                for element in &mut index.elements {
                    match &mut element.subject {
                        ElementSubject::Call(expr) | ElementSubject::Expression(expr) => {
                            blank(expr)
                        }
                        ElementSubject::Column(_) => {}
                    }
                }
            }
        });
    }
    schema
}

#[test]
fn what_the_model_says_is_what_is_read() {
    let wanted = schema_of(EVERYTHING);
    for server in server::all() {
        let catalog = read(&made(server, &wanted));
        let (wanted, found) = (without_expressions(&wanted), without_expressions(&catalog.schema));
        assert_eq!(differences(&wanted, &found), [""; 0], "on {}", server.major());
        assert!(wanted == found);
        assert_eq!(catalog.unmodelled, [], "on {}", server.major());
    }
}

#[test]
fn what_is_read_makes_the_same_again() {
    for (server, schema) in server::all()
        .into_iter()
        .flat_map(|server| [schema_of(EVERYTHING)].map(|one| (server, one)))
    {
        let first = read(&made(server, &schema));
        let second = read(&made(server, &first.schema));
        assert_eq!(first.differences(&second), [""; 0], "on {}", server.major());
    }
}

#[test]
fn every_change_is_seen() {
    let servers = server::all();
    for server in [servers.first(), servers.last()].into_iter().flatten() {
        let database = database::fresh(server);
        let mut client = database.client();
        let mut before = read(&database);
        for change in CHANGES {
            client.batch_execute(change).unwrap_or_else(|error| panic!("`{change}`: {error:?}"));
            let after = read(&database);
            let lines = before.differences(&after);
            assert!(!lines.is_empty(), "`{change}` is not seen on PostgreSQL {}", server.major());
            before = after;
        }
    }
}

#[test]
fn what_the_model_does_not_have_is_listed() {
    let database = database::fresh(server::newest());
    let setup = "
        CREATE TABLE t (id int PRIMARY KEY, n int, s text STORAGE EXTERNAL) WITH (fillfactor = 70);
        CREATE VIEW v AS SELECT id FROM t;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE DOMAIN d AS int;
        CREATE TABLE parts (at date) PARTITION BY RANGE (at);
        CREATE TABLE child () INHERITS (t);
        CREATE UNLOGGED TABLE u (id int REFERENCES t MATCH FULL);
        ALTER TABLE t ADD CHECK (n > 0) NO INHERIT;
        COMMENT ON SCHEMA public IS 'ours';
        GRANT SELECT ON t TO PUBLIC;
        CREATE UNIQUE INDEX i ON t (n);
        UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass";
    database.client().batch_execute(setup).unwrap();
    let catalog = read(&database);
    let listed: Vec<_> = catalog.unmodelled.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "comment `schema public`",
            "domain `d`",
            "function `f()`",
            "inheriting table `child`",
            "invalid index `i`",
            "match full of constraint `u_id_fkey of u`",
            "no inherit of constraint `t_n_check of t`",
            "partitioned table `parts`",
            "privileges `table t`",
            "storage of column `t.s`",
            "storage parameters of table `t`",
            "trigger `g of t`",
            "unlogged table `u`",
            "view `v`",
        ]
    );
    let tables: Vec<_> = catalog.schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["t", "u"]);
}

#[test]
fn the_ledger_is_left_out() {
    let database = database::fresh(server::newest());
    let history =
        history::history(vec![history::table(1), history::simple(2, "Odd", &["SELECT 1"], &[])]);
    let mut migrator = history.migrator(Config::from_url(&database.url()).unwrap());
    migrator.run().unwrap();
    let catalog = migrator.inspect().unwrap();
    let tables: Vec<_> = catalog.schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["t1"]);
    assert!(catalog.schema.sequences.is_empty() && catalog.unmodelled.is_empty());
}

/// The model need not have the table that a foreign key refers to.
#[test]
fn foreign_keys_to_what_the_model_does_not_have_are_read_with_their_columns() {
    for server in server::all() {
        let database = database::fresh(server);
        let ddl = "CREATE TABLE parted (a int, no int, PRIMARY KEY (no, a)) PARTITION BY LIST (no);
            CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
            CREATE TABLE child (PRIMARY KEY (no)) INHERITS (part_like);
            CREATE TABLE plain (id int PRIMARY KEY, x int, y int,
                CONSTRAINT to_parted FOREIGN KEY (x, y) REFERENCES parted (no, a),
                CONSTRAINT to_part FOREIGN KEY (y, x) REFERENCES part (no, a),
                CONSTRAINT to_child FOREIGN KEY (x) REFERENCES child (no))";
        let like = "CREATE TABLE part_like (a int, no int)";
        database.client().batch_execute(&format!("{like}; {ddl}")).unwrap();
        let schema = read(&database).schema;
        let plain = schema.tables.iter().find(|(name, _)| name.to_string() == "plain").unwrap().1;
        let referred = plain.constraints.iter().filter_map(|(name, constraint)| {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { return None };
            let names = |idents: &[Ident]| {
                idents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            };
            let (own, other) = (names(&key.columns), names(&key.referenced));
            Some(format!("{name}: ({own}) to {} ({other})", key.table))
        });
        let mut referred: Vec<_> = referred.collect();
        referred.sort();
        let wanted = [
            "to_child: (x) to child (no)",
            "to_part: (y, x) to part (no, a)",
            "to_parted: (x, y) to parted (no, a)",
        ];
        assert_eq!(referred, wanted, "on {}", server.major());
    }
}
