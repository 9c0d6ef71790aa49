use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create extension btree_gist;
    create table t {
        id: int,
        a: int?,
        b: text?,
        c: int,
        during: tstzrange?,
        check (a > 0),
        unique UQ_c (c),
    }
    alter table t add check CHK_late (c > 0) not valid;
    create unique index IDX_id on t (id);
    create unique index IDX_a on t (a) include (b);
    create unique index IDX_b on t (b) with (fillfactor = 60);
    create unique index IDX_ac on t (a, c);
    create index IDX_partial on t (a) where a > 5;
    create table keyed { id: int primary key, x: int, constraint: int }
    create table rows { id: int primary key, other: int? }
    alter table rows add foreign key FK_late (other) references keyed not valid;
    comment on constraint CHK_late on t is "later";
    comment on constraint t_a_check on t is "positive";
    comment on constraint FK_late on rows is "too";
    comment on index IDX_a is "an index";
    comment on constraint UQ_c on t is "one";
"#;

const ROWS: &str = "
    INSERT INTO t VALUES (1, 1, 'x', 1, '[2020-01-01, 2020-02-01)'), (2, NULL, NULL, 2, NULL), (3, 9, 'z', 3, NULL);
    INSERT INTO keyed VALUES (1, 1, 1); INSERT INTO rows VALUES (1, 1), (2, NULL);
";

const ADDED: &[Case] = &[
    up("alter table t add primary key (id);"),
    up("alter table t add primary key PK_t (id, c) include (b) deferrable initially deferred;"),
    up("alter table t add primary key (c, id) concurrently;"),
    up("alter table t add primary key PK (id, c) include (b) concurrently;"),
    up("alter table t add primary key using index IDX_id;"),
    up("alter table t add primary key PK_t using index IDX_id;"),
    up(
        "update t set a = 2 where id = 2 down \"UPDATE t SET a = NULL WHERE id = 2\"; alter table t add primary key using index IDX_a;",
    ),
    up(
        "update t set a = 2 where id = 2 down \"UPDATE t SET a = NULL WHERE id = 2\"; alter table t add primary key (a);",
    ),
    up(
        "update t set a = 2 where id = 2 down \"UPDATE t SET a = NULL WHERE id = 2\"; alter table t add primary key (c, a) concurrently;",
    ),
    up("alter table t add unique (a);"),
    up("alter table t add unique (a, b);"),
    up("alter table t add unique UQ (a) include (c) deferrable;"),
    up("alter table t add unique (c, a) deferrable initially deferred concurrently;"),
    up("alter table t add unique UQ (a) include (c) concurrently;"),
    up("alter table t add unique using index IDX_a;"),
    up("alter table t add unique UQ using index IDX_b;"),
    up("alter table t add unique UQ using index IDX_a deferrable initially deferred;"),
    up("alter table t add unique using index IDX_ac;"),
    up("alter table t { add unique (c), add unique (c), add unique (a) }"),
    up("alter table t add check (a < 100);"),
    up("alter table t add check (a < c * 100 or b is null);"),
    up("alter table t add check CHK (b <> \"bad\") not valid;"),
    up("alter table t add check CHK (b <> \"bad\") concurrently;"),
    up("alter table t add check (a > -5) not valid; alter table t validate constraint t_a_check1;"),
    up("alter table t add exclude (c with =);"),
    up("alter table t { add exclude EX_one (c with =), add exclude EX_two (c with =) }"),
    up(
        "alter table t add exclude EX using gist (a with =, during with &&) where (b is not null) deferrable;",
    ),
    up("alter table t add exclude using gist (int4range(a, c) with &&) where (a < c);"),
    up("alter table t add exclude using hash (b with =);"),
    up(
        "alter table t add exclude using btree ((c + 1) with =, b collate C text_pattern_ops with =);",
    ),
];

const CHANGED: &[Case] = &[
    up("alter table t drop constraint t_a_check;"),
    up("alter table t drop constraint UQ_c;"),
    up("alter table t drop constraint CHK_late;"),
    up("alter table t drop constraint UQ_c;")
        .down("alter table t add unique UQ_c (c); comment on constraint UQ_c on t is \"one\";"),
    up("alter table rows drop constraint FK_late;"),
    up("alter table rows drop constraint FK_late; alter table keyed drop constraint keyed_pkey;"),
    up("alter table t validate constraint CHK_late;"),
    up("alter table rows validate constraint FK_late;"),
    up("alter table t rename constraint t_a_check to positive;"),
    up("alter table t rename constraint UQ_c to \"one c\";"),
    up("alter table keyed rename constraint keyed_pkey to PK_keyed;"),
    up("alter table rows rename constraint FK_late to FK;"),
    up(
        "alter table t { rename constraint UQ_c to x, rename constraint t_a_check to UQ_c, rename constraint x to t_a_check }",
    ),
    up("alter table t { drop constraint t_a_check, add check t_a_check (a > 1) not valid }"),
    up("alter table t { drop constraint UQ_c, add unique UQ_c (c, a) }"),
    up("alter table t { add unique using index IDX_b, drop constraint IDX_b }"),
    up(
        "alter table t { rename constraint CHK_late to CHK, validate constraint CHK, drop constraint CHK }",
    ),
];

#[test]
fn constraints_are_added() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: ADDED });
}

#[test]
fn constraints_are_changed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CHANGED });
}
