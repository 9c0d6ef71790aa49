//! Defaults, NOT NULL, identities, comments and data.

use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create enum mood { happy, sad }
    create sequence s;
    create table t {
        id: int primary key,
        a: int = 5,
        b: text? = "it's",
        c: int?,
        d: timestamptz = now() at time zone "utc",
        e: mood = "happy",
        auto: bigint identity (start 10 increment 2),
        loose: smallint identity by default,
        plain: int,
        n: bigint = nextval("s"),
        unique (a, c, id),
    }
    create table plain { x: int, y: text? }
    create index IDX on t (c);
    create unique index UQ on t (b);
    comment on table t is "old";
    comment on column t.a is "old";
    comment on index IDX is "old";
    comment on enum mood is "old";
    comment on constraint t_a_c_id_key on t is "old";
"#;

const ROWS: &str = "
    INSERT INTO t (id, b, plain) VALUES (1, 'x', 7), (2, 'y', 9);
    INSERT INTO plain VALUES (1, 'a'), (2, NULL);
";

const CHANGED: &[Case] = &[
    up("alter table t alter column a set default 6;"),
    up("alter table t alter column a drop default;"),
    up("alter table t alter column b set default null;"),
    up("alter table t alter column b drop default;"),
    up("alter table t alter column c set default 1 + 2;"),
    up("alter table t alter column d set default now();"),
    up("alter table t alter column d drop default;"),
    up("alter table t alter column e set default \"sad\";"),
    up("alter table t alter column e set default \"sad\"::mood;"),
    up("alter table t alter column n drop default;"),
    up(
        "alter table t { alter column a set default 7, alter column a drop default, alter column a set default 8 }",
    ),
    up(
        "update t set c = id down \"UPDATE t SET c = NULL\"; alter table t alter column c set not null;",
    ),
    up(
        "update t set c = id down \"UPDATE t SET c = NULL\"; alter table t alter column c set not null concurrently;",
    ),
    up(
        "update t set c = id down \"UPDATE t SET c = NULL\"; alter table t { add check CHK (c is not null) concurrently, alter column c set not null, drop constraint CHK }",
    ),
    up("alter table t alter column a drop not null;"),
    up(
        "alter table t { alter column a drop not null, alter column a set not null, alter column a drop not null }",
    ),
    up("alter table t { alter column plain drop not null, alter column plain set default 3 }"),
    up("alter table t alter column plain add identity;"),
    up(
        "alter table t alter column plain add identity by default (start 1000 increment 3 maxvalue 9000 cache 4 cycle);",
    ),
    up("alter table t alter column plain add identity (increment -1);"),
    up("alter table t alter column auto drop identity;"),
    up("alter table t alter column loose drop identity;"),
    up("alter table t { alter column loose drop identity, alter column loose add identity }"),
    up(
        "alter table t { alter column auto drop identity, alter column auto type numeric, alter column auto set default 3 }",
    ),
    up("alter table plain alter column x add identity;"),
];

const COMMENTED: &[Case] = &[
    up("comment on table t is \"new\";"),
    up("comment on table t is none;"),
    up("comment on table plain is \"it's \\\\ new\\nline\";"),
    up("comment on column t.a is \"new\";"),
    up("comment on column t.a is none;"),
    up("comment on column plain.y is \"new é 🦀\";"),
    up("comment on index IDX is \"new\"; comment on index UQ is \"x\";"),
    up("comment on index IDX is none;"),
    up("comment on enum mood is \"new\";"),
    up("comment on enum mood is none;"),
    up("comment on constraint t_pkey on t is \"new\";"),
    up("comment on constraint t_a_c_id_key on t is none;"),
    up("comment on table t is \"1\"; comment on table t is none; comment on table t is \"2\";"),
    up(
        "create table u { a: int unique } comment on table u is \"x\"; comment on column u.a is \"x\"; comment on constraint u_a_key on u is \"x\";",
    ),
    up(
        "alter table t rename to tt; comment on table tt is \"new\"; alter table tt rename column a to aa; comment on column tt.aa is \"y\";",
    ),
];

const DATA: &[Case] = &[
    up("update t set c = 5 down \"UPDATE t SET c = NULL\";"),
    up(
        "update t set a = a + 1, b = upper(b) where id > 0 down \"UPDATE t SET a = a - 1, b = lower(b)\";",
    ),
    up(
        "update t set c = (select max(x) from plain) where plain > 5 down \"UPDATE t SET c = NULL\";",
    ),
    up("update t set c = 1 where c is null in batches of 1 down \"UPDATE t SET c = NULL\";"),
    up("alter table t add column x: int?; update t set x = id * 2;"),
    up(
        "alter table t add column x: int?; update t set x = id * 2 in batches of 1000; alter table t alter column x set not null;",
    ),
    up(
        "alter table t add column x: int?; update t set x = id; alter table t alter column x set not null concurrently;",
    ),
    up(
        "create table u { a: int } sql \"INSERT INTO u VALUES (1)\" down none; update u set a = 2 where a = 1;",
    ),
    up("sql \"INSERT INTO plain VALUES (9, 'z')\" down \"DELETE FROM plain WHERE x = 9\";"),
    up("sql \"ANALYZE t\" down none;"),
    up(
        "sql \"UPDATE plain SET x = x + 1; UPDATE plain SET x = x * 2\" down \"UPDATE plain SET x = x / 2; UPDATE plain SET x = x - 1\";",
    ),
];

#[test]
fn values_of_columns_change() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CHANGED });
}

#[test]
fn comments_are_set() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: COMMENTED });
}

#[test]
fn data_is_changed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: DATA });
}
