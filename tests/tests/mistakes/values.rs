//! Types, defaults and expressions.

use super::{Mistake, refused, wrong};

const BEFORE: &str = r#"
    create enum mood { happy, sad }
    create table t { id: int primary key, a: int?, b: text?, mood: mood = "happy", user: text?, at: timestamptz?, day: date?, short: varchar(3)?, flag: bool?, list: int[]? }
"#;

const MISTAKES: &[Mistake] = &[
    wrong(
        "already_exists",
        "create table y { a: int, exclude A (a with =), exclude B (a with =) }",
        "",
    ),
    wrong("wrong_type", "create table y { a: int = \"x\" }", "CREATE TABLE y (a int DEFAULT 'x')"),
    wrong("wrong_type", "create table y { a: int = true }", "CREATE TABLE y (a int DEFAULT true)"),
    wrong(
        "wrong_type",
        "create table y { a: uuid = now() }",
        "CREATE TABLE y (a uuid DEFAULT now())",
    ),
    wrong(
        "wrong_type",
        "create table y { a: mood = \"angry\" }",
        "CREATE TABLE y (a mood DEFAULT 'angry')",
    ),
    wrong(
        "wrong_type",
        "create table y { a: mood = \"happy\"::text }",
        "CREATE TABLE y (a mood DEFAULT 'happy'::text)",
    ),
    wrong("wrong_type", "create table y { a: bool = 1 }", "CREATE TABLE y (a bool DEFAULT 1)"),
    wrong(
        "wrong_type",
        "create table y { a: int[] = \"x\" }",
        "CREATE TABLE y (a int[] DEFAULT 'x')",
    ),
    wrong("wrong_type", "create table y { a: varchar(2) = \"abc\" }", ""),
    wrong("wrong_type", "create table y { a: varchar(10) = gen_random_uuid() }", ""),
    wrong("wrong_type", "create table y { a: char(3) = interval \"1 day\" }", ""),
    wrong("wrong_type", "create table y { a: timestamptz = \"now\" }", ""),
    wrong("wrong_type", "create table y { a: date = \"31/01/2026\" }", ""),
    wrong(
        "wrong_type",
        "alter table t alter column a set default \"x\";",
        "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column mood set default \"Happy\";",
        "ALTER TABLE t ALTER COLUMN mood SET DEFAULT 'Happy'",
    ),
    wrong("wrong_type", "alter table t add check (a);", "ALTER TABLE t ADD CHECK (a)"),
    wrong("wrong_type", "create index on t (a) where b;", "CREATE INDEX ON t (a) WHERE b"),
    wrong("wrong_type", "update t set a = now() down none;", "UPDATE t SET a = now()"),
    wrong("wrong_type", "update t set a = \"x\" down none;", "UPDATE t SET a = 'x'"),
    wrong("wrong_type", "update t set mood = \"angry\" down none;", "UPDATE t SET mood = 'angry'"),
    wrong("wrong_type", "update t set a = 1 where b down none;", "UPDATE t SET a = 1 WHERE b"),
    wrong(
        "wrong_type",
        "create index on t (a) where mood = \"angry\";",
        "CREATE INDEX ON t (a) WHERE mood = 'angry'",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (mood in (\"happy\", \"angry\"));",
        "ALTER TABLE t ADD CHECK (mood IN ('happy', 'angry'))",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a > \"x\");",
        "ALTER TABLE t ADD CHECK (a > 'x')",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (day between \"2020-01-01\" and \"x\");",
        "ALTER TABLE t ADD CHECK (day BETWEEN '2020-01-01' AND 'x')",
    ),
    wrong(
        "wrong_type",
        "update t set a = 1 where flag = \"maybe\" down none;",
        "UPDATE t SET a = 1 WHERE flag = 'maybe'",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column mood type int using 1 revert using \"happy\"::mood;",
        "ALTER TABLE t ALTER COLUMN mood TYPE int USING 1",
    ),
    wrong(
        "using_missing",
        "alter table t alter column b type int;",
        "ALTER TABLE t ALTER COLUMN b TYPE int",
    ),
    wrong(
        "using_missing",
        "alter table t alter column user type mood;",
        "ALTER TABLE t ALTER COLUMN \"user\" TYPE mood",
    ),
    wrong("invalid_type", "create table y { a: text(5) }", "CREATE TABLE y (a text(5))"),
    wrong("invalid_type", "create table y { a: varchar(0) }", "CREATE TABLE y (a varchar(0))"),
    wrong(
        "invalid_type",
        "create table y { a: numeric(2, 5, 6) }",
        "CREATE TABLE y (a numeric(2, 5, 6))",
    ),
    wrong("invalid_type", "create table y { a: anyelement }", "CREATE TABLE y (a anyelement)"),
    wrong("invalid_type", "create table y { a: record }", "CREATE TABLE y (a record)"),
    wrong(
        "column_in_default",
        "create table y { a: int, b: int = a }",
        "CREATE TABLE y (a int, b int DEFAULT a)",
    ),
    wrong(
        "column_in_default",
        "create table y { a: text = pending }",
        "CREATE TABLE y (a text DEFAULT pending)",
    ),
    wrong("reserved_word", "alter table t add check (user = \"x\");", ""),
    wrong("string_names_column", "alter table t add check (b = \"user\");", ""),
    wrong("null_comparison", "create index on t (a) where b = null;", ""),
    wrong("null_comparison", "alter table t add check (b <> null);", ""),
    wrong("whole_row", "alter table t add check (t is not null);", ""),
    wrong("syntax", "alter table t add check (a > );", "ALTER TABLE t ADD CHECK (a > )"),
    wrong("syntax", "sql \"SELEC 1\" down none;", "SELEC 1"),
    wrong("raw_sql", "sql \"COMMIT\" down none;", ""),
    wrong("raw_sql", "sql \"SET work_mem = '1GB'\" down none;", ""),
];

const OPERANDS: &[Mistake] = &[
    wrong("wrong_type", "alter table t add check (b > 5);", "alter table t add check (b > 5)"),
    wrong("wrong_type", "alter table t add check (a > b);", "alter table t add check (a > b)"),
    wrong(
        "wrong_type",
        "alter table t add check (lower(a) = \"x\");",
        "alter table t add check (lower(a) = 'x')",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a and flag);",
        "alter table t add check (a and flag)",
    ),
    wrong("wrong_type", "alter table t add check (not a);", "alter table t add check (not a)"),
    wrong(
        "wrong_type",
        "alter table t add check (mood = b);",
        "alter table t add check (mood = b)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a::mood = \"happy\");",
        "alter table t add check (a::mood = 'happy')",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a = any (\"{x}\"));",
        "alter table t add check (a = any ('{x}'))",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a in (\"1\", \"x\"));",
        "alter table t add check (a in ('1', 'x'))",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (nullif(a, \"x\") > 0);",
        "alter table t add check (nullif(a, 'x') > 0)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (greatest(a, \"x\") > 0);",
        "alter table t add check (greatest(a, 'x') > 0)",
    ),
    wrong("wrong_type", "update t set at = at + 5 down none;", "update t set at = at + 5"),
    wrong(
        "no_operator_class",
        "create index on t (a text_pattern_ops);",
        "create index on t (a text_pattern_ops)",
    ),
    wrong(
        "no_operator_class",
        "create index on t ((a::text::json));",
        "create index on t ((a::text::json))",
    ),
    wrong(
        "invalid_index",
        "create index on t (a) with (foo = 1);",
        "create index on t (a) with (foo = 1)",
    ),
    wrong(
        "invalid_index",
        "create index on t (a) with (fillfactor = 5);",
        "create index on t (a) with (fillfactor = 5)",
    ),
    wrong(
        "invalid_index",
        "create index on t using brin (a) with (pages_per_range = 0);",
        "create index on t using brin (a) with (pages_per_range = 0)",
    ),
    wrong("not_immutable", "create index on t ((at::date));", "create index on t ((at::date))"),
    wrong("not_immutable", "create index on t ((b::date));", "create index on t ((b::date))"),
    wrong("not_immutable", "create index on t ((mood::text));", "create index on t ((mood::text))"),
    wrong(
        "not_immutable",
        "create index on t ((at - interval \"1 day\"));",
        "create index on t ((at - interval '1 day'))",
    ),
    wrong(
        "query_in_expression",
        "create index on t (generate_series(1, a));",
        "create index on t (generate_series(1, a))",
    ),
    wrong("query_in_expression", "update t set a = max(a) down none;", "update t set a = max(a)"),
    wrong("already_exists", "update t set a = 1, a = 2 down none;", "update t set a = 1, a = 2"),
    wrong("invalid_name", "create schema information_schema;", "create schema information_schema"),
    wrong(
        "wrong_type",
        "create table y { a: text, b: int? generated as (a) stored }",
        "CREATE TABLE y (a text, b int GENERATED ALWAYS AS (a) STORED)",
    ),
    wrong(
        "wrong_type",
        "create table y { a: int collate C }",
        "CREATE TABLE y (a int COLLATE \"C\")",
    ),
    wrong("wrong_type", "create index on t (a collate C);", "CREATE INDEX ON t (a COLLATE \"C\")"),
    wrong("wrong_type", "create table y { a: numeric(3, 1) = 1234.5 }", ""),
    wrong("wrong_type", "create table y { a: smallint = 40000 }", ""),
    wrong(
        "wrong_type",
        "alter table t add column x: smallint = 40000;",
        "ALTER TABLE t ADD COLUMN x smallint DEFAULT 40000; INSERT INTO t (id) VALUES (1)",
    ),
    wrong(
        "wrong_type",
        "create table y { a: mood[] = \"{angry}\" }",
        "CREATE TABLE y (a mood[] DEFAULT '{angry}')",
    ),
    wrong(
        "wrong_type",
        "create table y { a: date = \"2026-02-31\" }",
        "CREATE TABLE y (a date DEFAULT '2026-02-31')",
    ),
    wrong(
        "wrong_type",
        "create table y { a: int = now()::int }",
        "CREATE TABLE y (a int DEFAULT now()::int)",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column b type int using b revert using b::text;",
        "ALTER TABLE t ALTER COLUMN b TYPE int USING b",
    ),
    wrong(
        "query_in_expression",
        "create table y { a: int = generate_series(1, 3) }",
        "CREATE TABLE y (a int DEFAULT generate_series(1, 3))",
    ),
    wrong(
        "generated",
        "create table y { a: int? generated as (1) stored references t on delete set null }",
        "CREATE TABLE y (a int GENERATED ALWAYS AS (1) STORED REFERENCES t ON DELETE SET NULL)",
    ),
    wrong(
        "invalid_constraint",
        "create table y { a: int, exclude (a with >) }",
        "CREATE TABLE y (a int, EXCLUDE (a WITH >))",
    ),
];

/// Strings beside values, and what must be of one type.
const BESIDE: &[Mistake] = &[
    wrong(
        "wrong_type",
        "alter table t add check (extract(year from a) > 2000);",
        "alter table t add check (extract(year from a) > 2000)",
    ),
    wrong(
        "not_immutable",
        "create index on t ((extract(epoch from at)));",
        "create index on t ((extract(epoch from at)))",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a + \"x\" > 0);",
        "alter table t add check (a + 'x' > 0)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (b + \"x\" > 0);",
        "alter table t add check (b + 'x' > 0)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (at - \"x\" > interval \"1 day\");",
        "alter table t add check (at - 'x' > interval '1 day')",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (a is true);",
        "alter table t add check (a is true)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (b is not unknown);",
        "alter table t add check (b is not unknown)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (case when flag then 1 else now() end is not null);",
        "alter table t add check (case when flag then 1 else now() end is not null)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (case when a then true else false end);",
        "alter table t add check (case when a then true else false end)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (case a when 1 then mood else b end is not null);",
        "alter table t add check (case a when 1 then mood else b end is not null)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (coalesce(a, now()) is not null);",
        "alter table t add check (coalesce(a, now()) is not null)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (array[a, at] is not null);",
        "alter table t add check (array[a, at] is not null)",
    ),
    wrong(
        "wrong_type",
        "create index on t using gin (to_tsvector(\"englisch\", b));",
        "create index on t using gin (to_tsvector('englisch', b))",
    ),
    wrong("not_immutable", "create index on t ((list::text));", "create index on t ((list::text))"),
    wrong(
        "invalid_constraint",
        "create table y { a: int4range, exclude using gist (a with +) }",
        "create table y (a int4range, exclude using gist (a with +))",
    ),
    wrong(
        "wrong_type",
        "create table y { a: json = \"{a: 1}\" }",
        "create table y (a json default '{a: 1}')",
    ),
    wrong(
        "wrong_type",
        "create table y { a: interval = \"1 dya\" }",
        "create table y (a interval default '1 dya')",
    ),
];

#[test]
fn what_strings_are_read_as_and_what_must_be_of_one_type() {
    refused(BEFORE, BESIDE);
}

const QUERIES: &[Mistake] = &[
    wrong(
        "unknown_table",
        "update t set a = (select 1 from nowhere) down none;",
        "update t set a = (select 1 from nowhere)",
    ),
    wrong(
        "unknown_table",
        "update t set a = (select 1 from app.t) down none;",
        "update t set a = (select 1 from app.t)",
    ),
    wrong(
        "unknown_column",
        "update t set a = (select nope from t as x) down none;",
        "update t set a = (select nope from t as x)",
    ),
    wrong(
        "unknown_column",
        "update t set a = (select x.nope from t as x) down none;",
        "update t set a = (select x.nope from t as x)",
    ),
    wrong(
        "unknown_column",
        "update t set a = (select count(*) from t as x join t as y on x.id = y.id where nope > 1) down none;",
        "update t set a = (select count(*) from t as x join t as y on x.id = y.id where nope > 1)",
    ),
    wrong(
        "unknown_column",
        "update t set a = 1 where exists (select 1 from t as x where x.id = t.nope) down none;",
        "update t set a = 1 where exists (select 1 from t as x where x.id = t.nope)",
    ),
];

#[test]
fn what_queries_can_not_name() {
    refused(BEFORE, QUERIES);
}

#[test]
fn what_operators_can_not_take() {
    refused(BEFORE, OPERANDS);
}

#[test]
fn what_values_can_not_be() {
    refused(BEFORE, MISTAKES);
}
