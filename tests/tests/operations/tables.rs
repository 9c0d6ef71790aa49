use super::{prove, prove_everywhere};
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create extension btree_gist;
    create schema app;
    create enum mood { happy, "so so", sad }
    create table owners { id: int primary key, code: text unique, key: uuid = gen_random_uuid(), unique (id, code) }
    create table things {
        id: bigserial primary key,
        no: int identity by default (start 7 increment 3 cache 2 minvalue 5 maxvalue 5000 cycle),
        name: varchar(20) collate C check (name <> "bad"),
        mood: mood = "so so",
        moods: mood[] = "{happy,sad}",
        owner: int? references owners on delete set null on update cascade,
        price: numeric(10, 2) check (price >= 0) = 0,
        total: numeric generated as (price * 2) stored,
        during: tstzrange?,
        label: text?,

        unique UQ_name (name) include (price) deferrable initially deferred,
        check CHK_both (price < 1000 and label <> "x"),
        exclude EX_during using gist (name with =, during with &&) where (label is not null),
    }
    alter table things add check CHK_late (label <> "y") not valid;
    create index on things (mood, price desc nulls last) include (label) where mood = "sad";
    create unique index IDX_lower on things (lower(name), (price * 2)) with (fillfactor = 70);
    comment on table things is "it's all of them \\ \"here\"";
    comment on column things.name is "what it is called";
    comment on constraint UQ_name on things is "one of each";
    comment on constraint CHK_late on things is "later";
    comment on index IDX_lower is "for searches";
    create table trees { id: int primary key, parent: int? references trees on delete cascade }
    create table eggs { id: int primary key, hen: int? }
    create table hens { id: int primary key, egg: int? references eggs }
    alter table eggs add foreign key (hen) references hens;
"#;

const ROWS: &str = "
    INSERT INTO owners (id, code) VALUES (1, 'a'), (2, 'b');
    INSERT INTO things (name, mood, owner, price, during, label)
    VALUES ('one', 'happy', 1, 1.5, '[2020-01-01, 2020-02-01)', 'x1'), ('two', 'sad', NULL, 2, NULL, NULL);
    INSERT INTO trees VALUES (1, NULL), (2, 1);
    INSERT INTO eggs VALUES (1, NULL); INSERT INTO hens VALUES (1, 1); UPDATE eggs SET hen = 1;
";

const CREATED: &[Case] = &[
    up("create table t { id: int, }"),
    up("create table app.t { id: int primary key }"),
    up("create table t { id: serial primary key, a: smallserial, b: bigserial unique }"),
    up(
        "create table t { id: serial primary key, a: smallserial } alter table t alter column a drop not null;",
    ),
    up(
        "create table t { id: smallint primary key identity, a: int identity by default (increment -2), b: bigint identity (start 5 no cycle) }",
    ),
    up(
        "create table t { a: smallint, b: int, c: bigint, d: numeric, e: numeric(5), f: numeric(5, 2), g: real, h: double precision, i: bool }",
    ),
    up(
        "create table t { a: text, b: varchar, c: varchar(3), d: char, e: char(3), f: \"char\", g: bytea, h: name }",
    ),
    up(
        "create table t { a: date, b: time, c: time(2), d: timetz, e: timetz(0), f: timestamp, g: timestamp(3), h: timestamptz, i: timestamptz(6), j: interval }",
    ),
    up(
        "create table t { a: uuid, b: json, c: jsonb, d: bit, e: bit(3), f: varbit, g: varbit(5), h: inet, i: cidr, j: macaddr, k: tsvector, l: tsquery, m: int4range, n: xml, o: money, p: point, q: oid, r: jsonpath, s: interval(3) }",
    ),
    up(
        "create table t { a: int[], b: text[3], c: int[][], d: varchar(5)[], e: numeric(5, 2)[]?, f: mood[], g: timestamptz[]? }",
    ),
    up(
        "create table t { a: integer, b: int4, c: int8, d: boolean, e: float8, f: decimal(3, 1), g: float4, h: bool, i: int2 }",
    ),
    up(
        "create table t { a: int = 1, b: int = -1, c: text = \"it's\", d: bool = true, e: timestamptz = now(), f: date = current_date, g: text = current_user, h: numeric = 1.50, i: bigint = 5_000_000_000 }",
    ),
    up(
        "create table t { a: timestamp = now() at time zone \"utc\", b: text = lower(\"A\") || \"b\", c: int = 1 + 2 * 3, d: jsonb = \"{}\", e: int[] = array[1, 2], f: text[] = \"{}\", g: interval = \"1 day\", h: text? = null, i: uuid = gen_random_uuid() }",
    ),
    up(
        "create table t { a: mood = \"so so\", b: mood[] = \"{sad}\", c: mood = \"happy\"::mood, d: text = \"x\"::varchar(3), e: date = \"2026-01-31\", f: bytea = \"\\\\x00\", g: bit(3) = \"101\"::bit(3) }",
    ),
    up(
        "create table t { a: int unique, b: int? check (b > 0), c: int? references owners, d: text collate C = \"x\", e: int generated as (a + 1) stored, f: text? generated as (upper(d)) stored }",
    ),
    up(
        "create table t { a: int? references owners (id) on delete set default on update set null, b: text? references owners (code) on delete restrict deferrable initially deferred, c: int? references owners on delete cascade deferrable }",
    ),
    up(
        "create table t { a: int, b: int, c: int, primary key (a, b) include (c), unique (b, c), unique (c), check (a > b), check (a > 0), check (1 > 0), check (a < 9) }",
    ),
    up(
        "create table t { a: int, b: text, primary key PK_t (a) deferrable initially deferred, unique UQ_t (b) deferrable, foreign key FK_t (a, b) references owners (id, code) on update cascade }",
    ),
    up(
        "create table t { a: int, b: tstzrange, exclude using gist (a with =, b with &&), exclude EX_t using gist (b with &&) where (a > 5), exclude (a with =) }",
    ),
    up(
        "create table t { id: int primary key, next: int? references t, other: int?, foreign key (other) references t (id) deferrable }",
    ),
    up(
        "create table t { Id: int primary key, order: int check (r#order > 0), user: text = \"x\", type: int, select: text, check (r#user <> \"y\" and r#select = \"z\") }",
    ),
    up(
        "create table t { a: text, b: text? generated as (case when a = \"x\" then \"y\" else a end) stored, check (a in (\"x\", \"y\") or a like \"z%\"), check (a between \"q\" and \"r\" or length(a) > 3) }",
    ),
    up(
        "create table t { a: int, check (a is distinct from 5 and not a = 6), check (coalesce(a, 0) > 0), check (a::text ~ r\"^\\d+$\") }",
    ),
    up(
        "create table a { id: int primary key } create table b { a: int references a } create table c { b: int?, unique (b) }",
    ),
];

const DROPPED: &[Case] = &[
    up("#[lossy] drop table things;").losing(&["things"]),
    up("#[lossy] drop table trees;").losing(&["trees"]),
    up("alter table eggs drop constraint eggs_hen_fkey; #[lossy] drop table hens; #[lossy] drop table eggs;").losing(&["hens", "eggs"]),
    up("update things set owner = null down none; alter table things drop constraint things_owner_fkey; #[lossy] drop table owners;").losing(&["owners", "things.owner"]),
    up("create table t { id: serial primary key } comment on table t is \"x\"; drop table t;"),
];

const RENAMED: &[Case] = &[
    up("alter table things rename to Things;"),
    up("alter table owners rename to r#select;"),
    up("alter table trees rename to woods;"),
    up("alter table eggs rename to ova; alter table hens rename to birds;"),
    up("alter table eggs rename to t; alter table hens rename to eggs; alter table t rename to hens;"),
    up("alter table things { rename to stuff }"),
    up("alter table things rename to stuff; alter table stuff add column x: int?; #[lossy] drop table stuff;").losing(&["things"]),
];

#[test]
fn tables_are_created() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CREATED });
}

#[test]
fn nulls_are_not_distinct_from_version_15() {
    const CASES: &[Case] = &[
        up(
            "create table t { a: int?, b: int?, unique nulls not distinct (a, b), unique UQ nulls not distinct (b) include (a) }",
        ),
        up("alter table trees add unique nulls not distinct (parent);"),
        up("alter table trees add unique UQ nulls not distinct (parent) concurrently;"),
        up("create unique index on trees (parent) nulls not distinct where id > 5;"),
    ];
    prove_everywhere(&Topic { before: BEFORE, rows: ROWS, oldest: 15, cases: CASES });
}

#[test]
fn tables_are_dropped() {
    prove_everywhere(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: DROPPED });
}

#[test]
fn tables_are_renamed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: RENAMED });
}
