//! Names that are not there, and names that are taken.

use super::{Mistake, refused, wrong};

const BEFORE: &str = r#"
    create schema app;
    create enum mood { happy, sad }
    create sequence s;
    create table t { id: int primary key, a: int? check (a > 0), b: text? unique, other: int? }
    create table app.u { id: int primary key }
    create table referring { t: int? references t }
    create index IDX on t (a);
"#;

const UNKNOWN: &[Mistake] = &[
    wrong("unknown_table", "drop table x;", "DROP TABLE x"),
    wrong("unknown_table", "drop table u;", "DROP TABLE u"),
    wrong("unknown_table", "alter table x add column a: int;", "ALTER TABLE x ADD COLUMN a int"),
    wrong(
        "unknown_table",
        "alter table x { add column a: int?, drop column b, rename to y }",
        "ALTER TABLE x ADD COLUMN a int",
    ),
    wrong("unknown_table", "alter table IDX rename to y;", ""),
    wrong("unknown_table", "create index on x (a);", "CREATE INDEX ON x (a)"),
    wrong(
        "unknown_table",
        "create table y { a: int references x }",
        "CREATE TABLE y (a int REFERENCES x)",
    ),
    wrong("unknown_table", "comment on table x is \"y\";", "COMMENT ON TABLE x IS 'y'"),
    wrong("unknown_table", "comment on column x.a is \"y\";", "COMMENT ON COLUMN x.a IS 'y'"),
    wrong("unknown_table", "update x set a = 1 down none;", "UPDATE x SET a = 1"),
    wrong("unknown_table", "create sequence q owned by x.a;", "CREATE SEQUENCE q OWNED BY x.a"),
    wrong(
        "unknown_table",
        "create table y { a: int, check (t.a > 0) }",
        "CREATE TABLE y (a int, CHECK (t.a > 0))",
    ),
    wrong("unknown_column", "alter table t drop column x;", "ALTER TABLE t DROP COLUMN x"),
    wrong(
        "unknown_column",
        "alter table t rename column x to y;",
        "ALTER TABLE t RENAME COLUMN x TO y",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x type int;",
        "ALTER TABLE t ALTER COLUMN x TYPE int",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x set default 1;",
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT 1",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x drop default;",
        "ALTER TABLE t ALTER COLUMN x DROP DEFAULT",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x set not null;",
        "ALTER TABLE t ALTER COLUMN x SET NOT NULL",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x drop not null;",
        "ALTER TABLE t ALTER COLUMN x DROP NOT NULL",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x add identity;",
        "ALTER TABLE t ALTER COLUMN x ADD GENERATED ALWAYS AS IDENTITY",
    ),
    wrong(
        "unknown_column",
        "alter table t alter column x drop identity;",
        "ALTER TABLE t ALTER COLUMN x DROP IDENTITY",
    ),
    wrong("unknown_column", "alter table t add check (x > 0);", "ALTER TABLE t ADD CHECK (x > 0)"),
    wrong(
        "unknown_column",
        "alter table t add check (A > 0);",
        "ALTER TABLE t ADD CHECK (\"A\" > 0)",
    ),
    wrong("unknown_column", "alter table t add unique (x);", "ALTER TABLE t ADD UNIQUE (x)"),
    wrong(
        "unknown_column",
        "alter table t add unique (a) include (x);",
        "ALTER TABLE t ADD UNIQUE (a) INCLUDE (x)",
    ),
    wrong(
        "unknown_column",
        "create table y { a: int, primary key (b) }",
        "CREATE TABLE y (a int, PRIMARY KEY (b))",
    ),
    wrong(
        "unknown_column",
        "alter table t add foreign key (x) references app.u;",
        "ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES app.u",
    ),
    wrong(
        "unknown_column",
        "alter table t add foreign key (a) references app.u (x);",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES app.u (x)",
    ),
    wrong(
        "unknown_column",
        "alter table t add exclude (x with =);",
        "ALTER TABLE t ADD EXCLUDE (x WITH =)",
    ),
    wrong("unknown_column", "create index on t (x);", "CREATE INDEX ON t (x)"),
    wrong("unknown_column", "create index on t (lower(x));", "CREATE INDEX ON t (lower(x))"),
    wrong(
        "unknown_column",
        "create index on t (a) include (x);",
        "CREATE INDEX ON t (a) INCLUDE (x)",
    ),
    wrong(
        "unknown_column",
        "create index on t (a) where x > 0;",
        "CREATE INDEX ON t (a) WHERE x > 0",
    ),
    wrong("unknown_column", "comment on column t.x is \"y\";", "COMMENT ON COLUMN t.x IS 'y'"),
    wrong("unknown_column", "update t set x = 1 down none;", "UPDATE t SET x = 1"),
    wrong("unknown_column", "update t set a = x down none;", "UPDATE t SET a = x"),
    wrong(
        "unknown_column",
        "update t set a = 1 where x = 1 down none;",
        "UPDATE t SET a = 1 WHERE x = 1",
    ),
    wrong("unknown_column", "alter sequence s owned by t.x;", "ALTER SEQUENCE s OWNED BY t.x"),
    wrong(
        "unknown_column",
        "alter table t add column y: int? generated as (x + 1) stored;",
        "ALTER TABLE t ADD COLUMN y int GENERATED ALWAYS AS (x + 1) STORED",
    ),
    wrong(
        "unknown_constraint",
        "alter table t drop constraint x;",
        "ALTER TABLE t DROP CONSTRAINT x",
    ),
    wrong(
        "unknown_constraint",
        "alter table t drop constraint IDX;",
        "ALTER TABLE t DROP CONSTRAINT \"IDX\"",
    ),
    wrong(
        "unknown_constraint",
        "alter table t rename constraint x to y;",
        "ALTER TABLE t RENAME CONSTRAINT x TO y",
    ),
    wrong(
        "unknown_constraint",
        "alter table t validate constraint x;",
        "ALTER TABLE t VALIDATE CONSTRAINT x",
    ),
    wrong(
        "unknown_constraint",
        "comment on constraint x on t is \"y\";",
        "COMMENT ON CONSTRAINT x ON t IS 'y'",
    ),
    wrong("unknown_index", "drop index x;", "DROP INDEX x"),
    wrong("unknown_index", "drop index t_b_key;", "DROP INDEX t_b_key"),
    wrong("unknown_index", "alter index x rename to y;", "ALTER INDEX x RENAME TO y"),
    wrong("unknown_index", "reindex index x;", "REINDEX INDEX x"),
    wrong("unknown_index", "reindex index x concurrently;", ""),
    wrong("unknown_index", "reindex index t;", "REINDEX INDEX t"),
    wrong("unknown_index", "reindex index s;", "REINDEX INDEX s"),
    wrong("unknown_table", "reindex table x;", "REINDEX TABLE x"),
    wrong("unknown_table", "reindex table IDX;", "REINDEX TABLE \"IDX\""),
    wrong("nothing_to_do", "create table y { a: int primary key } reindex table y;", ""),
    wrong("nothing_to_do", "create table y { a: int primary key } reindex index y_pkey;", ""),
    wrong("nothing_to_do", "create index I on t (b); reindex index I concurrently;", ""),
    wrong("unknown_index", "comment on index x is \"y\";", "COMMENT ON INDEX x IS 'y'"),
    wrong(
        "unknown_index",
        "alter table t add unique using index x;",
        "ALTER TABLE t ADD UNIQUE USING INDEX x",
    ),
    wrong("unknown_enum", "drop enum x;", "DROP TYPE x"),
    wrong("unknown_enum", "alter enum x add value y;", "ALTER TYPE x ADD VALUE 'y'"),
    wrong("unknown_enum", "alter enum x rename to y;", "ALTER TYPE x RENAME TO y"),
    wrong(
        "unknown_enum_value",
        "alter enum mood rename value x to y;",
        "ALTER TYPE mood RENAME VALUE 'x' TO 'y'",
    ),
    wrong(
        "unknown_enum_value",
        "alter enum mood add value x before y;",
        "ALTER TYPE mood ADD VALUE 'x' BEFORE 'y'",
    ),
    wrong(
        "unknown_enum_value",
        "#[allow(data_loss, reason = \"x\")] alter enum mood drop value x;",
        "",
    ),
    wrong("unknown_sequence", "drop sequence x;", "DROP SEQUENCE x"),
    wrong("unknown_sequence", "alter sequence x restart;", "ALTER SEQUENCE x RESTART"),
    wrong("unknown_schema", "drop schema x;", "DROP SCHEMA x"),
    wrong("unknown_schema", "create table x.t { a: int }", "CREATE TABLE x.t (a int)"),
    wrong("unknown_schema", "create enum x.e { a }", "CREATE TYPE x.e AS ENUM ('a')"),
    wrong("unknown_schema", "create sequence x.s;", "CREATE SEQUENCE x.s"),
    wrong(
        "unknown_schema",
        "create extension citext schema x;",
        "CREATE EXTENSION citext SCHEMA x",
    ),
    wrong("unknown_extension", "drop extension citext;", "DROP EXTENSION citext"),
    wrong("unknown_extension", "create extension uuid_ossp;", "CREATE EXTENSION uuid_ossp"),
    wrong("unknown_extension", "create extension earthdistance;", "CREATE EXTENSION earthdistance"),
    wrong("unknown_type", "create table y { a: txet }", "CREATE TABLE y (a txet)"),
    wrong("unknown_type", "create table y { a: citext }", "CREATE TABLE y (a citext)"),
    wrong(
        "unknown_type",
        "alter table t alter column a type Mood using a::text revert using 1;",
        "ALTER TABLE t ALTER COLUMN a TYPE \"Mood\" USING a::text",
    ),
    wrong(
        "unknown_type",
        "alter table t add check (b::Mood <> \"x\");",
        "ALTER TABLE t ADD CHECK (b::\"Mood\" <> 'x')",
    ),
    wrong(
        "unknown_function",
        "create table y { a: uuid = uuid_generate_v4() }",
        "CREATE TABLE y (a uuid DEFAULT uuid_generate_v4())",
    ),
    wrong("unknown_function", "create index on t (lowr(b));", "CREATE INDEX ON t (lowr(b))"),
    wrong(
        "unknown_function",
        "alter table t add check (length() > 0);",
        "ALTER TABLE t ADD CHECK (length() > 0)",
    ),
    wrong("unknown_collation", "create table y { a: text collate nope }", ""),
    wrong(
        "unknown_operator_class",
        "create index on t using gin (b gin_trgm_ops);",
        "CREATE INDEX ON t USING gin (b gin_trgm_ops)",
    ),
    wrong(
        "unknown_index_method",
        "create index on t using btre (a);",
        "CREATE INDEX ON t USING btre (a)",
    ),
    wrong(
        "no_operator_class",
        "create index on t using gin (a);",
        "CREATE INDEX ON t USING gin (a)",
    ),
    wrong(
        "no_operator_class",
        "create table y { a: json unique }",
        "CREATE TABLE y (a json UNIQUE)",
    ),
    wrong(
        "no_operator_class",
        "create table y { a: int, exclude using gist (a with =) }",
        "CREATE TABLE y (a int, EXCLUDE USING gist (a WITH =))",
    ),
];

const TAKEN: &[Mistake] = &[
    wrong("already_exists", "create table t { a: int }", "CREATE TABLE t (a int)"),
    wrong("already_exists", "create table IDX { a: int }", "CREATE TABLE \"IDX\" (a int)"),
    wrong("already_exists", "create table mood { a: int }", "CREATE TABLE mood (a int)"),
    wrong("already_exists", "create table t_pkey { a: int }", "CREATE TABLE t_pkey (a int)"),
    wrong("already_exists", "create table y { a: int, a: text }", "CREATE TABLE y (a int, a text)"),
    wrong(
        "already_exists",
        "create table y { a: int, check C (a > 0), check C (a > 1) }",
        "CREATE TABLE y (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT c CHECK (a > 1))",
    ),
    wrong(
        "already_exists",
        "create table y { a: int, unique IDX (a) }",
        "CREATE TABLE y (a int, CONSTRAINT \"IDX\" UNIQUE (a))",
    ),
    wrong(
        "already_exists",
        "create table y { a: int, unique (a, a) }",
        "CREATE TABLE y (a int, UNIQUE (a, a))",
    ),
    wrong(
        "already_exists",
        "alter table t rename to referring;",
        "ALTER TABLE t RENAME TO referring",
    ),
    wrong("already_exists", "alter table t add column a: int;", "ALTER TABLE t ADD COLUMN a int"),
    wrong(
        "already_exists",
        "alter table t rename column a to b;",
        "ALTER TABLE t RENAME COLUMN a TO b",
    ),
    wrong(
        "already_exists",
        "alter table t add check t_a_check (a > 1);",
        "ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 1)",
    ),
    wrong(
        "already_exists",
        "alter table t rename constraint t_a_check to t_pkey;",
        "ALTER TABLE t RENAME CONSTRAINT t_a_check TO t_pkey",
    ),
    wrong("already_exists", "create index IDX on t (b);", "CREATE INDEX \"IDX\" ON t (b)"),
    wrong(
        "already_exists",
        "alter index IDX rename to t_pkey;",
        "ALTER INDEX \"IDX\" RENAME TO t_pkey",
    ),
    wrong("already_exists", "create sequence t;", "CREATE SEQUENCE t"),
    wrong("already_exists", "alter sequence s rename to t;", "ALTER SEQUENCE s RENAME TO t"),
    wrong("already_exists", "create enum mood { a }", "CREATE TYPE mood AS ENUM ('a')"),
    wrong("already_exists", "create enum t { a }", "CREATE TYPE t AS ENUM ('a')"),
    wrong("already_exists", "create enum e { a, b, a }", "CREATE TYPE e AS ENUM ('a', 'b', 'a')"),
    wrong("already_exists", "alter enum mood add value sad;", "ALTER TYPE mood ADD VALUE 'sad'"),
    wrong(
        "already_exists",
        "alter enum mood rename value happy to sad;",
        "ALTER TYPE mood RENAME VALUE 'happy' TO 'sad'",
    ),
    wrong("already_exists", "alter enum mood rename to t;", "ALTER TYPE mood RENAME TO t"),
    wrong("already_exists", "create schema app;", "CREATE SCHEMA app"),
    wrong(
        "already_exists",
        "create extension citext; create extension citext;",
        "CREATE EXTENSION citext; CREATE EXTENSION citext",
    ),
    wrong("invalid_name", "create schema pg_app;", "CREATE SCHEMA pg_app"),
    wrong("invalid_name", "create table y { ctid: int }", "CREATE TABLE y (ctid int)"),
    wrong(
        "invalid_name",
        "alter table t rename column a to xmin;",
        "ALTER TABLE t RENAME COLUMN a TO xmin",
    ),
    wrong("shadowed_name", "create table pg_class { a: int }", ""),
    wrong("shadowed_name", "create enum point { a }", ""),
    wrong("shadowed_name", "create sequence pg_type;", ""),
    wrong(
        "name_too_long",
        "create table aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234 { a: int }",
        "",
    ),
    wrong(
        "name_too_long",
        "alter table t rename column a to éééééééééééééééééééééééééééééééé;",
        "",
    ),
    wrong(
        "name_too_long",
        "create index aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234 on t (a);",
        "",
    ),
    wrong(
        "name_too_long",
        "alter enum mood add value aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234;",
        "ALTER TYPE mood ADD VALUE 'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234'",
    ),
    wrong(
        "name_too_long",
        "alter table t rename constraint t_a_check to aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234;",
        "",
    ),
    wrong("duplicate_index", "create index on t (a);", ""),
];

#[test]
fn what_is_not_there() {
    refused(BEFORE, UNKNOWN);
}

#[test]
fn what_is_there_already() {
    refused(BEFORE, TAKEN);
}
