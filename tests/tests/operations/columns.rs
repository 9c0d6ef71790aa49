use super::prove;
use tests::database::fresh;
use tests::ground::{Case, Topic, up};
use tests::model::{Change, apply, assert_accepted, check};
use tests::server::all;

const BEFORE: &str = r#"
    create extension btree_gist;
    create enum mood { happy, sad }
    create table owners { id: int primary key, a: int, b: text?, unique (a, b), unique (b) }
    create table things {
        id: bigint primary key identity,
        no: serial unique,
        name: text collate C check (name <> "bad") = "none",
        code: varchar(10)?,
        mood: mood = "happy",
        a: int? references owners,
        b: text?,
        price: numeric(10, 2) = 1.5,
        doubled: numeric generated as (price * 2) stored,
        during: tstzrange?,
        needed: uuid,

        unique UQ_both (a, b) deferrable,
        check CHK_prices (price > 0 and a > 0),
        foreign key FK_both (a, b) references owners (a, b) on update cascade,
        exclude EX_during using gist (a with =, during with &&),
        unique (needed) include (b),
    }
    create index IDX_name on things (lower(name), b desc) where code is not null;
    create index IDX_include on things (a) include (code);
    create index IDX_needed on things using hash (needed);
    create sequence loose owned by things.code;
    comment on column things.code is "the code";
    comment on column things.no is "the number";
    comment on constraint UQ_both on things is "both";
    comment on index IDX_name is "names";
    comment on constraint things_name_check on things is "good ones";
    create table trees { id: int primary key, parent: int? references trees (id) }
"#;

const ROWS: &str = "
    INSERT INTO owners VALUES (1, 1, 'x'), (2, 2, 'y');
    INSERT INTO things (name, code, a, b, price, during, needed) VALUES
        ('one', 'c1', 1, 'x', 2.25, '[2020-01-01, 2020-02-01)', gen_random_uuid()),
        ('two', NULL, 2, NULL, 3, NULL, gen_random_uuid());
    INSERT INTO trees VALUES (1, NULL), (2, 1);
";

const ADDED: &[Case] = &[
    up("alter table things add column x: int?;"),
    up("alter table things add column x: int = 5;"),
    up("alter table things add column x: text? collate C = \"it's\";"),
    up("alter table things add column x: serial;"),
    up("alter table things add column x: bigserial unique;"),
    up("alter table trees add column x: bigint identity by default (start 1000);"),
    up("alter table trees add column x: int unique identity;"),
    up("alter table things add column x: int? unique;"),
    up("alter table things add column x: int check (x > 0) = 1;"),
    up("alter table things add column x: int? check (x > a);"),
    up("alter table things add column x: int? references owners on delete set null;"),
    up("alter table trees add column x: int? references trees on delete cascade deferrable;"),
    up("alter table things add column x: numeric generated as (price + 1) stored;"),
    up("alter table things add column x: text? generated as (name || code) stored;"),
    up("alter table things add column x: mood = \"sad\";"),
    up("alter table things add column x: mood[]?;"),
    up("alter table things add column x: uuid = gen_random_uuid();"),
    up("alter table things add column x: timestamptz = now() at time zone \"utc\";"),
    up(
        "alter table things { add column x: int?, add column y: int? unique, add check (x > y), add unique (x, y) }",
    ),
    up(
        "alter table things add column x: int?; update things set x = 5; alter table things alter column x set not null;",
    ),
    up(
        "alter table things add column x: int?; alter table things rename column x to y; alter table things alter column y type text;",
    ),
    up(
        "alter table things add column x: int?; comment on column things.x is \"x\"; create index on things (x); alter table things drop column x;",
    ),
];

const DROPPED: &[Case] = &[
    up("#[lossy] alter table things drop column code;").losing(&["things.code"]),
    up("#[lossy] alter table things drop column b;").losing(&["things.b"]),
    up("#[lossy] alter table things drop column a;").losing(&["things.a"]),
    up("#[lossy] alter table things drop column name;").losing(&["things.name"]),
    up("#[lossy] alter table things drop column name restore as \"n\" || no;").losing(&["things.name"]),
    up("#[lossy] alter table things drop column no;").losing(&["things.no"]),
    up("#[lossy] alter table things drop column id;").losing(&["things.id"]),
    up("#[lossy] alter table things drop column mood;").losing(&["things.mood"]),
    up("alter table things drop column doubled;"),
    up("alter table things drop column doubled; #[lossy] alter table things drop column price restore as no * 2;").losing(&["things.price", "things.doubled"]),
    up("#[lossy] alter table things drop column during;").losing(&["things.during"]),
    up("#[lossy] alter table things drop column needed restore as gen_random_uuid();").losing(&["things.needed"]),
    up("#[lossy] alter table things drop column code restore as name;").losing(&["things.code"]),
    up("#[lossy] alter table trees drop column parent;").losing(&["trees.parent"]),
    up("#[lossy] alter table things { drop column a, drop column b, drop column code }").losing(&["things.a", "things.b", "things.code"]),
];

const RENAMED: &[Case] = &[
    up("alter table things rename column name to Name;"),
    up("alter table things rename column a to r#order;"),
    up("alter table things rename column b to user;"),
    up("alter table things rename column price to \"the price\";")
        .down("alter table things rename column \"the price\" to price;"),
    up("alter table things rename column no to number;"),
    up("alter table things rename column id to key;"),
    up("alter table things rename column mood to feeling;"),
    up("alter table things rename column during to r#when;"),
    up("alter table things rename column code to kode;"),
    up("alter table things rename column needed to wanted;"),
    up("alter table things rename column doubled to twice;"),
    up("alter table owners rename column a to z;"),
    up("alter table owners rename column b to a2;"),
    up("alter table trees rename column id to key;"),
    up("alter table trees rename column parent to mother;"),
    up("alter table things { rename column a to t, rename column b to a, rename column t to b }"),
    up(
        "alter table things rename column code to kode; alter table things alter column kode type varchar(12); alter table things add check (kode <> \"\");",
    ),
];

#[test]
fn columns_are_added() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: ADDED });
}

#[test]
fn columns_are_dropped() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: DROPPED });
}

/// The sequence of a serial column that comes back goes on after the values that it got; one that
/// stayed is not set back to them.
#[test]
fn a_column_comes_back_beside_its_sequence() {
    for (before, counted, expected) in [
        ("create table t { id: int primary key, no: serial unique, other: int }", "", 21),
        (
            "create sequence s; create table t { id: int primary key, no: int unique = nextval(\"s\"), other: int }",
            "SELECT nextval('s') FROM generate_series(1, 50)",
            53,
        ),
    ] {
        let body = "up {
            #[allow(data_loss, reason = \"tested\")]
            alter table t drop column no restore as id * 10;
        }";
        let checked = check(&Change { before, body, oldest: 14 });
        assert_accepted(&checked.verified);
        let down = checked.verified.down.expect("there is a way back");
        for server in all() {
            let database = fresh(server);
            let mut client = database.client();
            apply(&mut client, &checked.setup).expect("the setup");
            let rows = "INSERT INTO t (id, other) VALUES (1, 1), (2, 2);";
            client.batch_execute(&format!("{rows} {counted}")).expect("rows");
            apply(&mut client, &checked.verified.up).expect("up");
            apply(&mut client, &down).expect("down");
            let next = "INSERT INTO t (id, other) VALUES (3, 3) RETURNING no";
            let next: i32 = client.query_one(next, &[]).expect("a free number").get(0);
            assert_eq!(next, expected, "on {}", server.major());
        }
    }
}

#[test]
fn columns_are_renamed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: RENAMED });
}
