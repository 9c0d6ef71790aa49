//! Keys, references, and what is still used.

use super::{Mistake, refused, wrong};

const BEFORE: &str = r#"
    create schema app;
    create extension citext;
    create enum mood { happy, sad }
    create table t {
        id: int primary key,
        a: int?,
        b: text? unique,
        c: bigint,
        mood: mood check (mood <> "sad") = "happy",
        mail: citext?,
        twice: int? generated as (a * 2) stored,
        auto: int identity,
        json: json?,
    }
    create table referring { id: serial, t: int? references t, b: text? references t (b) }
    create table app.u { x: int }
    create unique index UQ_partial on t (c) where a > 0;
    create unique index UQ_expr on t (lower(b));
    create unique index UQ_desc on t (c desc);
    create index IDX on t (c);
    alter table t add unique UQ_deferred (c, a) deferrable;
    create sequence s;
    alter table referring add column n: bigint = nextval("s");
"#;

const MISTAKES: &[Mistake] = &[
    wrong(
        "primary_key_twice",
        "alter table t add primary key (c);",
        "ALTER TABLE t ADD PRIMARY KEY (c)",
    ),
    wrong(
        "primary_key_twice",
        "create table y { a: int primary key, b: int, primary key (b) }",
        "CREATE TABLE y (a int PRIMARY KEY, b int, PRIMARY KEY (b))",
    ),
    wrong(
        "foreign_key_target",
        "alter table app.u add foreign key (x) references t (a);",
        "ALTER TABLE app.u ADD FOREIGN KEY (x) REFERENCES t (a)",
    ),
    wrong(
        "foreign_key_target",
        "alter table app.u add foreign key (x) references t (c, a);",
        "ALTER TABLE app.u ADD FOREIGN KEY (x) REFERENCES t (c, a)",
    ),
    wrong(
        "foreign_key_target",
        "alter table t add foreign key (c, a) references t (c, a);",
        "ALTER TABLE t ADD FOREIGN KEY (c, a) REFERENCES t (c, a)",
    ),
    wrong(
        "foreign_key_target",
        "alter table t add foreign key (a) references app.u;",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES app.u",
    ),
    wrong(
        "foreign_key_target",
        "alter table t add foreign key (a, c) references t;",
        "ALTER TABLE t ADD FOREIGN KEY (a, c) REFERENCES t",
    ),
    wrong(
        "foreign_key_type",
        "alter table t add foreign key (b) references t;",
        "ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES t",
    ),
    wrong(
        "foreign_key_type",
        "alter table t add foreign key (mood) references t (b);",
        "ALTER TABLE t ADD FOREIGN KEY (mood) REFERENCES t (b)",
    ),
    wrong("mixed_foreign_key", "alter table t add foreign key (c) references t;", ""),
    wrong(
        "foreign_key_type",
        "alter table referring alter column t type text;",
        "ALTER TABLE referring ALTER COLUMN t TYPE text",
    ),
    wrong(
        "foreign_key_type",
        "alter table t alter column id type text;",
        "ALTER TABLE t ALTER COLUMN id TYPE text",
    ),
    wrong("still_used", "#[allow(data_loss, reason = \"x\")] drop table t;", "DROP TABLE t"),
    wrong(
        "still_used",
        "#[allow(data_loss, reason = \"x\")] alter table t drop column id;",
        "ALTER TABLE t DROP COLUMN id",
    ),
    wrong("still_used", "#[allow(data_loss, reason = \"x\")] alter table t drop column a;", ""),
    wrong(
        "still_used",
        "alter table t drop constraint t_pkey;",
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
    ),
    wrong(
        "still_used",
        "alter table t drop constraint t_b_key;",
        "ALTER TABLE t DROP CONSTRAINT t_b_key",
    ),
    wrong("still_used", "drop enum mood;", "DROP TYPE mood"),
    wrong("still_used", "#[allow(data_loss, reason = \"x\")] alter enum mood drop value sad;", ""),
    wrong("still_used", "drop extension citext;", "DROP EXTENSION citext"),
    wrong("still_used", "drop schema app;", "DROP SCHEMA app"),
    wrong("still_used", "#[allow(data_loss, reason = \"x\")] drop sequence s;", "DROP SEQUENCE s"),
    wrong(
        "still_used",
        "#[allow(data_loss, reason = \"x\")] drop sequence referring_id_seq;",
        "DROP SEQUENCE referring_id_seq",
    ),
    wrong(
        "still_used",
        "alter table t alter column id drop not null;",
        "ALTER TABLE t ALTER COLUMN id DROP NOT NULL",
    ),
    wrong(
        "still_used",
        "alter table t alter column auto drop not null;",
        "ALTER TABLE t ALTER COLUMN auto DROP NOT NULL",
    ),
    wrong(
        "still_used",
        "alter table t alter column a type bigint;",
        "ALTER TABLE t ALTER COLUMN a TYPE bigint",
    ),
    wrong("nothing_to_do", "alter table t alter column a drop default;", ""),
    wrong("nothing_to_do", "alter table t alter column a drop not null;", ""),
    wrong("nothing_to_do", "alter table t alter column c set not null;", ""),
    wrong(
        "nothing_to_do",
        "alter table t alter column a drop identity;",
        "ALTER TABLE t ALTER COLUMN a DROP IDENTITY",
    ),
    wrong("nothing_to_do", "alter table t alter column c type bigint;", ""),
    wrong(
        "nothing_to_do",
        "alter table t validate constraint t_b_key;",
        "ALTER TABLE t VALIDATE CONSTRAINT t_b_key",
    ),
    wrong(
        "invalid_constraint",
        "alter table t add unique using index UQ_partial;",
        "ALTER TABLE t ADD UNIQUE USING INDEX \"UQ_partial\"",
    ),
    wrong(
        "invalid_constraint",
        "alter table t add unique using index UQ_expr;",
        "ALTER TABLE t ADD UNIQUE USING INDEX \"UQ_expr\"",
    ),
    wrong(
        "invalid_constraint",
        "alter table t add unique using index UQ_desc;",
        "ALTER TABLE t ADD UNIQUE USING INDEX \"UQ_desc\"",
    ),
    wrong(
        "invalid_constraint",
        "alter table t add unique using index IDX;",
        "ALTER TABLE t ADD UNIQUE USING INDEX \"IDX\"",
    ),
    wrong(
        "invalid_index",
        "create unique index on t using gin (b);",
        "CREATE UNIQUE INDEX ON t USING gin (b)",
    ),
    wrong(
        "invalid_index",
        "create index on t using hash (a, c);",
        "CREATE INDEX ON t USING hash (a, c)",
    ),
    wrong(
        "invalid_index",
        "create index on t using hash (a) include (c);",
        "CREATE INDEX ON t USING hash (a) INCLUDE (c)",
    ),
    wrong(
        "invalid_index",
        "create index on t using hash (a desc);",
        "CREATE INDEX ON t USING hash (a DESC)",
    ),
    wrong(
        "nothing_to_do",
        "#[allow(data_loss, reason = \"x\")] alter table t drop column auto restore as 1;",
        "UPDATE t SET auto = 1",
    ),
    wrong(
        "nothing_to_do",
        "alter table t drop column twice restore as 1;",
        "UPDATE t SET twice = 1",
    ),
    wrong(
        "invalid_identity",
        "create table y { a: text identity }",
        "CREATE TABLE y (a text GENERATED ALWAYS AS IDENTITY)",
    ),
    wrong(
        "invalid_identity",
        "alter table t alter column a add identity;",
        "ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY",
    ),
    wrong(
        "invalid_identity",
        "alter table t alter column auto add identity;",
        "ALTER TABLE t ALTER COLUMN auto ADD GENERATED ALWAYS AS IDENTITY",
    ),
    wrong(
        "invalid_identity",
        "alter table referring alter column n add identity;",
        "ALTER TABLE referring ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY",
    ),
    wrong(
        "invalid_default",
        "alter table t alter column auto set default 1;",
        "ALTER TABLE t ALTER COLUMN auto SET DEFAULT 1",
    ),
    wrong(
        "invalid_default",
        "alter table t alter column twice set default 1;",
        "ALTER TABLE t ALTER COLUMN twice SET DEFAULT 1",
    ),
    wrong("invalid_sequence", "create sequence x increment 0;", "CREATE SEQUENCE x INCREMENT 0"),
    wrong(
        "invalid_sequence",
        "create sequence x minvalue 5 maxvalue 5;",
        "CREATE SEQUENCE x MINVALUE 5 MAXVALUE 5",
    ),
    wrong(
        "invalid_sequence",
        "create sequence x minvalue 5 start 1;",
        "CREATE SEQUENCE x MINVALUE 5 START 1",
    ),
    wrong(
        "invalid_sequence",
        "create sequence x as smallint maxvalue 40000;",
        "CREATE SEQUENCE x AS smallint MAXVALUE 40000",
    ),
    wrong("invalid_sequence", "create sequence x as text;", "CREATE SEQUENCE x AS text"),
    wrong("invalid_sequence", "create sequence x cache 0;", "CREATE SEQUENCE x CACHE 0"),
    wrong(
        "invalid_sequence",
        "alter sequence s maxvalue 10 restart 50;",
        "ALTER SEQUENCE s MAXVALUE 10 RESTART 50",
    ),
    wrong("invalid_sequence", "alter sequence s maxvalue 0;", "ALTER SEQUENCE s MAXVALUE 0"),
    wrong(
        "generated",
        "alter table t add column x: int? generated as (twice + 1) stored;",
        "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (twice + 1) STORED",
    ),
    wrong("generated", "update t set twice = 5 down none;", "UPDATE t SET twice = 5"),
    wrong(
        "generated",
        "alter table t alter column twice type bigint using 5;",
        "ALTER TABLE t ALTER COLUMN twice TYPE bigint USING 5",
    ),
    wrong("irreversible", "alter table t alter column twice type text;", ""),
    wrong(
        "not_immutable",
        "create index on t (a) where b < now()::text;",
        "CREATE INDEX ON t (a) WHERE b < now()::text",
    ),
    wrong(
        "not_immutable",
        "create index on t ((random() * a));",
        "CREATE INDEX ON t ((random() * a))",
    ),
    wrong(
        "not_immutable",
        "alter table t add column x: text? generated as (b || current_user) stored;",
        "ALTER TABLE t ADD COLUMN x text GENERATED ALWAYS AS (b || current_user) STORED",
    ),
    wrong(
        "query_in_expression",
        "alter table t add check (a > (select 1));",
        "ALTER TABLE t ADD CHECK (a > (SELECT 1))",
    ),
    wrong(
        "query_in_expression",
        "alter table t add check (max(a) > 1);",
        "ALTER TABLE t ADD CHECK (max(a) > 1)",
    ),
    wrong("newer_postgres", "create table y { a: int, unique nulls not distinct (a) }", ""),
    wrong("no_primary_key", "update app.u set x = 1 in batches of 10 down none;", ""),
    wrong("no_primary_key", "update t set id = id + 1 in batches of 10 down none;", ""),
    wrong("invalid_comment", "comment on table t is \"\";", ""),
];

#[test]
fn what_tables_can_not_be() {
    refused(BEFORE, MISTAKES);
}
