use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create schema ext;
    create extension pg_trgm schema ext;
    create extension btree_gin;
    create schema app;
    create table t { id: int primary key, a: text?, b: int?, c: jsonb?, d: text[], e: timestamptz, order: int, g: point?, h: int4range? }
    create table app.u { id: int primary key, a: text }
    create index IDX_a on t (a);
    create unique index IDX_ab on t (lower(a), b desc nulls last) include (e) where b > 5;
    create index IDX_u on app.u (a);
    create index IDX_trgm on t using gist (a ext.gist_trgm_ops);
    comment on index IDX_ab is "both";
    comment on index app.IDX_u is "u";
"#;

const ROWS: &str = "
    INSERT INTO t VALUES (1, 'One', 6, '{\"a\": [1]}', '{x,y}', now(), 1, '(1,2)', '[1,5)'), (2, NULL, NULL, NULL, '{}', now(), 2, NULL, NULL);
    INSERT INTO app.u VALUES (1, 'x');
";

const CREATED: &[Case] = &[
    up("create index on t (b);"),
    up("create index I on t (b, a);"),
    up("create unique index on t (b);"),
    up("create unique index UQ_I on t (b) where a is not null;"),
    up("create index concurrently I on t (b);"),
    up("create unique index concurrently on t (b, e);"),
    up("create index on t (b desc);"),
    up("create index on t (b nulls first, a desc nulls last, e desc nulls first);"),
    up("create index on t (lower(a));"),
    up("create index on t ((a || \"x\"));"),
    up("create index on t ((b + 1), (b * 2) desc, lower(a), upper(a));"),
    up("create index on t (coalesce(a, \"\"));"),
    up("create index on t ((case when b > 1 then 1 else 0 end));"),
    up("create index on t ((a is null), (b::text));"),
    up("create index on t (lower(a) collate C text_pattern_ops);"),
    up("create index on t (a collate C);"),
    up("create index on t (a text_pattern_ops desc);"),
    up("create index on t (a varchar_pattern_ops);"),
    up("create index on t (b) include (a, e);"),
    up("create index on t using hash (a);"),
    up("create index on t using gin (c);"),
    up("create index on t using gin (c jsonb_path_ops, (c -> \"tags\"), d);"),
    up("create index on t using gin (a gin_trgm_ops) with (fastupdate = off);"),
    up("create index on t using gin (a ext.gin_trgm_ops);"),
    up("create index on t using gin (b, d);"),
    up("create index on t using gist (g, h);"),
    up("create index on t using spgist (g);"),
    up("create index on t using brin (e, b) with (pages_per_range = 16, autosummarize = on);"),
    up("create index on t using gin (to_tsvector(\"english\", coalesce(a, \"\")));"),
    up("create index on t (b) with (fillfactor = 50, deduplicate_items = off);"),
    up("create index on t (b) where a = \"x\" and b in (1, 2, 3) or e > \"2020-01-01\";"),
    up("create index on t (b) where r#order > 5 and not (a like \"x%\");"),
    up("create index on t (order, r#order);"),
    up("create index on t ((c ->> \"name\"), (c #>> \"{a,b}\"));"),
    up(
        "create index on t (b); create index on t (b, a); create index on t (a, b); create index on t (b desc);",
    ),
    up("create index on app.u (lower(a));"),
    up("create index r#concurrently on t (b);"),
    up("create index concurrently concurrently on t (b);"),
    up("create index \"a name\" on t (b);"),
];

const CHANGED: &[Case] = &[
    up("drop index IDX_a;"),
    up("drop index IDX_ab;"),
    up("drop index concurrently IDX_ab;"),
    up("drop index app.IDX_u;"),
    up("drop index concurrently app.IDX_u;"),
    up("drop index IDX_trgm;"),
    up("alter index IDX_a rename to I;"),
    up("alter index IDX_ab rename to \"both of them\";"),
    up("alter index app.IDX_u rename to IDX_a;"),
    up("drop index IDX_a; create index IDX_a on t (a desc);"),
    up(
        "drop index IDX_ab; alter index IDX_a rename to IDX_ab; comment on index IDX_ab is \"new\";",
    ),
    up(
        "create index I on t (b); comment on index I is \"x\"; alter index I rename to J; drop index J;",
    ),
    up(
        "create index concurrently I on t (b); drop index concurrently IDX_a; alter index I rename to IDX_a;",
    ),
    up("reindex index IDX_a;"),
    up("reindex index IDX_ab concurrently;"),
    up("reindex index app.IDX_u concurrently;"),
    up("reindex index t_pkey;"),
    up("reindex index t_pkey concurrently;"),
    up("reindex table t;"),
    up("reindex table t concurrently;"),
    up("reindex table app.u concurrently;"),
    up("alter index IDX_a rename to I; reindex index I; drop index IDX_ab; reindex table t;"),
    up(
        "update t set b = 1 where id = 7 down none; reindex table t; reindex index IDX_a concurrently;",
    ),
    up("reindex index IDX_a;").down("reindex index IDX_a;"),
    up("create index r#concurrently on t (b); drop index concurrently r#concurrently;"),
];

#[test]
fn indexes_are_created() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CREATED });
}

#[test]
fn indexes_are_changed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CHANGED });
}
