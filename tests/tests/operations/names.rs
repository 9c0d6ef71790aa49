//! Names of every kind, and those that PostgreSQL gives.

use super::{ends, prove};
use tests::catalog::snapshot;
use tests::database::fresh;
use tests::ground::{Case, Topic, up};
use tests::model::{Change, apply, assert_accepted, check, execute, same};

const BEFORE: &str = r#"
    create schema "a.b";
    create enum "a.b"."e 1" { "v 1", V }
    create table "a.b"."t.1" { "c.1": int primary key, "$": text?, select: "a.b"."e 1" = "V", "é🦀": int? unique, "it's": int?, "qu\"ote": int? }
    create index "i 1" on "a.b"."t.1" (select, "é🦀" desc);
    create table user { user: int primary key, table: int?, Order: serial, check (r#user > 0) }
    create table Users { id: int primary key identity, users: int? references user }
    create sequence "s 1";
"#;

const CASES: &[Case] = &[
    up(
        "create table \"t 2\" { id: serial primary key, \"x.y\": bigint unique identity, \"it's\": int? references \"a.b\".\"t.1\", unique (\"x.y\", id) }",
    ),
    up("create table \"a \\\" b\" { \"c \\\" d\": serial unique }"),
    up(
        "create table null { null: int, true: bool, default: text = \"x\", check (r#default <> \"y\") }",
    ),
    up(
        "create table aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 { id: serial primary key, aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123: int unique check (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 > 0) }",
    ),
    up(
        "create table ééééééééééééééééééééééééééééééé { id: bigint primary key identity, ööööööööööööööööööööööööööööööö: int unique } create index on ééééééééééééééééééééééééééééééé (id, ööööööööööööööööööööööööööööööö);",
    ),
    up("create table \"🦀\" { \"🦀\": int primary key, \"🐘 🐘\": text? unique }"),
    up(
        "alter table \"a.b\".\"t.1\" rename to \"x y\"; alter table \"a.b\".\"x y\" rename column \"c.1\" to \"c 2\"; alter table \"a.b\".\"x y\" rename column \"$\" to \"it's\\\"\";",
    ),
    up(
        "alter table \"a.b\".\"t.1\" { alter column \"$\" set default \"$1 $$\", alter column select drop default, alter column \"$\" type varchar(5) }",
    ),
    up("alter enum \"a.b\".\"e 1\" { rename value \"v 1\" to \"it's\", rename to \"E\\\"\" }"),
    up("alter enum \"a.b\".\"e 1\" add value \"it's\" before V;"),
    up("alter index \"a.b\".\"i 1\" rename to \"i.1\"; drop index \"a.b\".\"i.1\";"),
    up(
        "comment on column \"a.b\".\"t.1\".\"é🦀\" is \"x\"; comment on constraint \"t.1_pkey\" on \"a.b\".\"t.1\" is \"y\"; comment on enum \"a.b\".\"e 1\" is \"z\";",
    ),
    up(
        "alter table user rename column user to Users; alter table Users rename column users to user; alter table user rename to r#table;",
    ),
    up(
        "alter table user rename column Order to order; alter sequence user_Order_seq rename to r#order;",
    ),
    up(
        "alter sequence \"s 1\" rename to \"s\\\"2\"; create table t { n: bigint = nextval(\"\\\"s\\\"\\\"2\\\"\") }",
    ),
    up(
        "create table authorization { id: int } alter table authorization add column left: int? check (r#left > 5 and r#authorization.id > 1);",
    ),
    up(
        r#"create table "t 2" { "c 1": int check (."c 1" > 0) = 5, "c 2": text? generated as (."c 1" || "x") stored, check (."t 2"."c 1" < 9 and ."c 2" <> "y") } create index on "t 2" (lower(."c 2"), (."c 1" + 1)) where ."c 2" is not null; alter table "t 2" rename column "c 1" to "c 3"; alter table "t 2" rename column "c 2" to word;"#,
    ),
    up("create table t { ID: int, Id: int, id: int, unique (ID), unique (Id), unique (id) }"),
];

#[test]
fn any_name_will_do() {
    prove(&Topic { before: BEFORE, rows: "", oldest: 14, cases: CASES });
}

/// The same without names, in the language and in SQL.
const UNNAMED: &[(&str, &str)] = &[
    (
        "create table t { id: int primary key, a: int? unique, b: int? check (b > 0), c: int? references t, unique (a, b), check (a > b), check (1 > 0), foreign key (a, b) references t (a, b), exclude (b with =) }",
        "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int CHECK (b > 0), c int REFERENCES t, UNIQUE (a, b), CHECK (a > b), CHECK (1 > 0), FOREIGN KEY (a, b) REFERENCES t (a, b), EXCLUDE (b WITH =))",
    ),
    (
        "create table t { a: int, check (a > 0), check (a > 1), check (a > 2) } alter table t add check (a > 3);",
        "CREATE TABLE t (a int NOT NULL, CHECK (a > 0), CHECK (a > 1), CHECK (a > 2)); ALTER TABLE t ADD CHECK (a > 3)",
    ),
    (
        "create table a { b_c: int? check (b_c > 0) } create table a_b { c: int? check (c > 0) }",
        "CREATE TABLE a (b_c int CHECK (b_c > 0)); CREATE TABLE a_b (c int CHECK (c > 0))",
    ),
    (
        "create table a { b_c: int? unique } create table a_b { c: int? unique } create index on a (b_c); create index on a_b (c);",
        "CREATE TABLE a (b_c int UNIQUE); CREATE TABLE a_b (c int UNIQUE); CREATE INDEX ON a (b_c); CREATE INDEX ON a_b (c)",
    ),
    (
        "create table a { b_id: serial } create table a_b { id: serial, id_seq: serial }",
        "CREATE TABLE a (b_id serial); CREATE TABLE a_b (id serial, id_seq serial)",
    ),
    (
        "create table t { a: bigint identity, b: serial } alter table t add column c: bigint identity; alter table t add column d: bigserial;",
        "CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY, b serial); ALTER TABLE t ADD COLUMN c bigint GENERATED ALWAYS AS IDENTITY; ALTER TABLE t ADD COLUMN d bigserial",
    ),
    (
        "create table t { a: text, b: int? } create index on t (a); #[allow(duplicate_index, reason = \"x\")] create index on t (a); create index on t (a, b); create index on t (lower(a)); create index on t (lower(a), upper(a)); create index on t ((a || a), (b + 1), (b + 2)); create index on t (a) include (b); create unique index on t (a, a);",
        "CREATE TABLE t (a text NOT NULL, b int); CREATE INDEX ON t (a); CREATE INDEX ON t (a); CREATE INDEX ON t (a, b); CREATE INDEX ON t (lower(a)); CREATE INDEX ON t (lower(a), upper(a)); CREATE INDEX ON t ((a || a), (b + 1), (b + 2)); CREATE INDEX ON t (a) INCLUDE (b); CREATE UNIQUE INDEX ON t (a, a)",
    ),
    (
        "create table t { a: text, b: int?, c: jsonb?, d: timestamptz? } create index on t ((a::varchar)); create index on t (coalesce(a, \"\")); create index on t ((case when b > 1 then a else \"x\" end)); create index on t (nullif(a, \"\"), greatest(b, 2)); create index on t ((b is null)); create index on t ((c -> \"x\")); create index on t ((c ->> \"x\")); create index on t ((array[b, 1])); create index on t ((extract(year from d at time zone \"utc\"))); create index on t ((-b)); create index on t ((row(a, b) is null)); create index on t (trim(a)); create index on t (left(a, 2), substring(a from 1 for 2), position(\"q\" in a)); create index on t ((b between 1 and 2)); create index on t ((not b > 1)); create index on t (pg_catalog.lower(a)); create index on t ((b::bigint::text)); create index on t ((a collate C)); create index on t ((case when b > 1 then 1 else b end)); create index on t ((case when b > 1 then \"1\" end)); create index on t (overlay(a placing \"x\" from 1)); create index on t ((cast(b as numeric(5, 2))));",
        "CREATE TABLE t (a text NOT NULL, b int, c jsonb, d timestamptz); CREATE INDEX ON t ((a::varchar)); CREATE INDEX ON t (coalesce(a, '')); CREATE INDEX ON t ((case when b > 1 then a else 'x' end)); CREATE INDEX ON t (nullif(a, ''), greatest(b, 2)); CREATE INDEX ON t ((b is null)); CREATE INDEX ON t ((c -> 'x')); CREATE INDEX ON t ((c ->> 'x')); CREATE INDEX ON t ((array[b, 1])); CREATE INDEX ON t ((extract(year from d at time zone 'utc'))); CREATE INDEX ON t ((-b)); CREATE INDEX ON t ((row(a, b) is null)); CREATE INDEX ON t (trim(a)); CREATE INDEX ON t (left(a, 2), substring(a from 1 for 2), position('q' in a)); CREATE INDEX ON t ((b between 1 and 2)); CREATE INDEX ON t ((not b > 1)); CREATE INDEX ON t (pg_catalog.lower(a)); CREATE INDEX ON t ((b::bigint::text)); CREATE INDEX ON t ((a collate \"C\")); CREATE INDEX ON t ((case when b > 1 then 1 else b end)); CREATE INDEX ON t ((case when b > 1 then '1' end)); CREATE INDEX ON t (overlay(a placing 'x' from 1)); CREATE INDEX ON t ((cast(b as numeric(5, 2))))",
    ),
    (
        "create table aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 { aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123: serial unique, b: int, unique (b, aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123), primary key (b), check (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 > 0), check (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 > 1), check (b > aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123) }",
        "CREATE TABLE aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 serial UNIQUE, b int, UNIQUE (b, aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123), PRIMARY KEY (b), CHECK (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 > 0), CHECK (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123 > 1), CHECK (b > aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123))",
    ),
    (
        "create table ééééééééééééééééééééééééééééééé { öxöxöxöxöxöxöxöxöxöxöxöxöxöxö: int? unique, b: serial } create index on ééééééééééééééééééééééééééééééé (b, öxöxöxöxöxöxöxöxöxöxöxöxöxöxö, lower(\"x\"));",
        "CREATE TABLE \"ééééééééééééééééééééééééééééééé\" (\"öxöxöxöxöxöxöxöxöxöxöxöxöxöxö\" int UNIQUE, b serial); CREATE INDEX ON \"ééééééééééééééééééééééééééééééé\" (b, \"öxöxöxöxöxöxöxöxöxöxöxöxöxöxö\", lower('x'))",
    ),
    (
        "create extension btree_gist; create table t { a: int, b: int, c: int, primary key (a, b) include (c), unique (a) include (b, c), exclude using gist (int4range(a, b) with &&, c with =) } ",
        "CREATE EXTENSION btree_gist; CREATE TABLE t (a int, b int, c int NOT NULL, PRIMARY KEY (a, b) INCLUDE (c), UNIQUE (a) INCLUDE (b, c), EXCLUDE USING gist (int4range(a, b) WITH &&, c WITH =))",
    ),
    (
        "create table t_pkey { x: int } create table t { id: int primary key } alter table t drop constraint t_pkey1; alter table t add primary key (id);",
        "CREATE TABLE t_pkey (x int NOT NULL); CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey1; ALTER TABLE t ADD PRIMARY KEY (id)",
    ),
    (
        "create table t { a: int primary key, b: int? } alter table t { add foreign key (b) references t, add foreign key (b) references t, add unique (b), add unique (b), add check (b > 1 and b < 5), add check (a > b) }",
        "CREATE TABLE t (a int PRIMARY KEY, b int); ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES t; ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES t; ALTER TABLE t ADD UNIQUE (b); ALTER TABLE t ADD UNIQUE (b); ALTER TABLE t ADD CHECK (b > 1 AND b < 5); ALTER TABLE t ADD CHECK (a > b)",
    ),
    (
        "create table Ab { Cd: int? unique, EF: serial } create index on Ab (Cd, EF);",
        "CREATE TABLE \"Ab\" (\"Cd\" int UNIQUE, \"EF\" serial); CREATE INDEX ON \"Ab\" (\"Cd\", \"EF\")",
    ),
    (
        "create schema s; create table s.t { id: serial primary key, a: int? check (a > 0) } create table t { id: serial primary key, a: int? check (a > 0) }",
        "CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, a int CHECK (a > 0)); CREATE TABLE t (id serial PRIMARY KEY, a int CHECK (a > 0))",
    ),
    (
        "create table t { id: int primary key } alter table t add column b: int? check (b > 0) unique references t; alter table t add column c: int? check (c > b);",
        "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ADD COLUMN b int CHECK (b > 0) UNIQUE REFERENCES t; ALTER TABLE t ADD COLUMN c int CHECK (c > b)",
    ),
];

#[test]
fn names_are_those_of_postgres() {
    let mut wrong = Vec::new();
    for server in ends() {
        for (language, sql) in UNNAMED {
            let body = format!("up {{ {language} }}");
            let checked = check(&Change { before: "", body: &body, oldest: 14 });
            assert_accepted(&checked.verified);
            let (ours, theirs) = (fresh(server), fresh(server));
            let (mut ours, mut theirs) = (ours.client(), theirs.client());
            let done = execute(&mut theirs, sql)
                .and_then(|()| apply(&mut ours, &checked.verified.up))
                .and_then(|()| same(language, &snapshot(&mut theirs), &snapshot(&mut ours)));
            wrong.extend(done.err().map(|why| format!("on {}: {why}", server.major())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
