//! What is accepted, and what it is read as.

use deepref_schema_core::operation::{Operation, TableItem};

use super::{parse, parse_list, parse_up, plain, render};

pub(crate) fn default_of(expression: &str) -> String {
    let statement = format!("create table t {{ a: text = {expression} }}");
    let (text, origins, parsed) = parse_up(&statement);
    let rendered = render(&text, &origins, &parsed.diagnostics);
    let migration = parsed.value.unwrap_or_else(|| panic!("{expression}: {rendered}"));
    let Operation::CreateTable(table) = &migration.up[0].operation else {
        panic!("{expression}");
    };
    match table.items.as_slice() {
        [TableItem::Column(column)] => column.default.as_ref().expect(expression).sql().to_owned(),
        items => panic!("{expression}: {items:?}"),
    }
}

#[test]
fn expressions_are_sent_as_sql() {
    for (written, sent) in [
        (
            r#"kycStatus = "new" and email is not null"#,
            r#""kycStatus" = 'new' and email is not null"#,
        ),
        (r#"lower("Email")"#, "lower('Email')"),
        ("lower(Email)", r#"lower("Email")"#),
        ("x.order", "x.order"),
        ("x.Order", r#"x."Order""#),
        ("Users.id", r#""Users".id"#),
        ("x.NULL", r#"x."NULL""#),
        ("IS.x", r#""IS".x"#),
        ("r#IS", r#""IS""#),
        (r#"name collate "en-x-icu""#, r#"name collate "en-x-icu""#),
        ("name collate C", r#"name collate "C""#),
        (r#"."the price" > 0"#, r#""the price" > 0"#),
        (r#"a > 0 and ."it's" in (."b c", 1)"#, r#"a > 0 and "it's" in ("b c", 1)"#),
        (r#"x."a b" and r#year."a b""#, r#"x."a b" and year."a b""#),
        (r#"case ."a b" when 1 then ."c d" end"#, r#"case "a b" when 1 then "c d" end"#),
        (r#"app."a b"(1) || ."c d"(2)"#, r#"app."a b"(1) || "c d"(2)"#),
        (r#"a::."my type" + -."a b""#, r#"a::"my type" + -"a b""#),
        (r#"(home)."a b" = list[1]."c d""#, r#"(home)."a b" = list[1]."c d""#),
        (r#"."my app".f(."a b")"#, r#""my app".f("a b")"#),
        ("normalize(a, nfc) is nfc normalized", "normalize(a, nfc) is nfc normalized"),
        (
            r#"created at time zone "utc" - interval "1 day""#,
            "created at time zone 'utc' - interval '1 day'",
        ),
        (r##"data #>> "{a,b}" = "x""##, "data #>> '{a,b}' = 'x'"),
        (r##"code ~ r"^\d+$""##, r"code ~ '^\d+$'"),
        (r#""it's""#, "'it''s'"),
        (r#""-""#, "'-'"),
        ("r#order > 5 and r#user is not null", r#""order" > 5 and "user" is not null"#),
        ("array[1, 2]", "array[1, 2]"),
        ("array[[1,2],[3,4]]", "array[[1, 2], [3, 4]]"),
        ("tags[1:2]", "tags[1:2]"),
        ("tags[:n]", "tags[:n]"),
        ("tags[1][2]", "tags[1][2]"),
        ("1_000", "1000"),
        (".5", ".5"),
        ("a + .5", "a + .5"),
        ("1.5e-3", "1.5e-3"),
        ("1e10", "1e10"),
        ("-1", "-1"),
        ("a - -1", "a - -1"),
        ("a=-1", "a = -1"),
        ("a*-1", "a * -1"),
        ("a<-1", "a < -1"),
        ("- - a", "- -a"),
        ("(-1)", "(-1)"),
        ("f(-1, *)", "f(-1, *)"),
        ("count(*)", "count(*)"),
        ("t.*", "t.*"),
        ("a @> b", "a @> b"),
        ("a@>b", "a @> b"),
        ("a->>\"b\"", "a ->> 'b'"),
        ("a -> b #>> c", "a -> b #>> c"),
        ("a #- b", "a #- b"),
        ("a ?| b", "a ?| b"),
        ("a <-> b", "a <-> b"),
        ("a && b || c", "a && b || c"),
        ("a!=b", "a != b"),
        ("a::text", "a::text"),
        ("a :: varchar(20)", "a::varchar(20)"),
        ("a::double precision", "a::double precision"),
        ("a::timestamp with time zone", "a::timestamp with time zone"),
        ("a::double precision - 1", "a::double precision - 1"),
        ("a::numeric(10, 2)[]", "a::numeric(10, 2)[]"),
        ("\"{}\"::text[]", "'{}'::text[]"),
        ("a::kyc_status", "a::kyc_status"),
        ("a::app.Status", r#"a::app."Status""#),
        ("cast(a as int)", "cast(a as int)"),
        ("a in (1, 2)", "a in (1, 2)"),
        ("a not in (1)", "a not in (1)"),
        ("a = any(array[1])", "a = any(array[1])"),
        ("a is not distinct from b", "a is not distinct from b"),
        ("a between 1 and 2", "a between 1 and 2"),
        ("a between -1 and +2", "a between -1 and +2"),
        ("not a", "not a"),
        ("not (a)", "not (a)"),
        ("case when a > 0 then 1 else -1 end", "case when a > 0 then 1 else -1 end"),
        ("case when a then 1 end + 1", "case when a then 1 end + 1"),
        ("a like \"x\" escape \"!\"", "a like 'x' escape '!'"),
        ("f(a => 1)", "f(a => 1)"),
        ("(select max(a) from t where b > 1)", "(select max(a) from t where b > 1)"),
        ("exists(select 1)", "exists(select 1)"),
        ("extract(year from a)", "extract(year from a)"),
        ("current_timestamp", "current_timestamp"),
        ("current_timestamp - interval \"1\" day", "current_timestamp - interval '1' day"),
        ("value - 1", "value - 1"),
        ("time + 1", "time + 1"),
        ("(a, b) = (1, 2)", "(a, b) = (1, 2)"),
        ("a % 2 = 0", "a % 2 = 0"),
        ("a ^ 2", "a ^ 2"),
        ("@ -5", "@ -5"),
        ("~a", "~a"),
        ("a operator(pg_catalog.+) b", "a operator(pg_catalog.+) b"),
        ("\"a\\nb\"", "'a\nb'"),
        ("\"\\u{e9}\"", "'\u{e9}'"),
        ("f() filter (where a)", "f() filter (where a)"),
        ("\"101\"::bit(3)", "'101'::bit(3)"),
        (
            "to_tsvector(\"english\", coalesce(firstName, \"\") || \" \" || email)",
            "to_tsvector('english', coalesce(\"firstName\", '') || ' ' || email)",
        ),
    ] {
        assert_eq!(default_of(written), sent, "{written}");
    }
}

/// Every operation that some statements are read as, one a line.
fn operations(statements: &str) -> String {
    let (text, origins, parsed) = parse_up(statements);
    let rendered = render(&text, &origins, &parsed.diagnostics);
    let migration = parsed.value.unwrap_or_else(|| panic!("{statements}: {rendered}"));
    migration.up.iter().map(|item| plain(&format!("{:?}\n\n", item.operation))).collect()
}

#[test]
fn any_word_is_a_name() {
    for statement in [
        "create table if { if: int, not: text, null: text?, default: int = 0, constraint: int }",
        "create table constraint { primary: int, unique: int, check: int, foreign: int, like: int }",
        "create table table { exclude: int, key: int, r#type: int, PRIMARY: int, create: int }",
        "drop table if; drop table cascade; drop table exists; drop index r#concurrently;",
        "create index on on t (a); create index on t (a); create index concurrently on t (a);",
        "create index r#concurrently on t (a); create index concurrently concurrently on t (a);",
        "reindex index concurrently; reindex index concurrently concurrently; reindex table index;",
        "reindex table concurrently.table concurrently; reindex index r#concurrently;",
        "create index on on on (on); create index on on (on);",
        "alter table t { drop column restore, drop column column, drop constraint constraint }",
        "alter table t { rename column to to to, rename constraint to to to, rename to to }",
        "alter table t { add column column: int, add unique unique (a), add check check (a > 0) }",
        "alter table t { add unique nulls (a), add unique using (a), add primary key using (a) }",
        "alter table t add exclude r#using using gist (a with =);",
        "alter table t add exclude using (a with =);",
        "alter table t { alter column type type type, alter column set drop default }",
        "create enum enum { value, Type, before, after, add, \"in review\" }",
        "alter enum value { add value value after after, add value before, drop value to }",
        "alter enum to rename value value to to; alter enum to rename to to;",
        "create extension schema schema schema; create schema schema; create sequence sequence;",
        "create sequence cycle owned by owned.by.none; alter sequence rename rename to to;",
        "create sequence s owned by none; create sequence s owned by r#none.none;",
        "comment on table is is none; comment on column is.is is \"is\"; comment on index on is none;",
        "comment on constraint on on on is none;",
        "update set set set = set where where = 1 in batches of 5;",
        "update down set down = down where down > 5 down none;",
        "update t set value = year where a; update t set a = year down none;",
        "create table t { a: int references references (references) on delete set null }",
        "create table \"uuid-ossp\".\"my table\" { \"my column\": \"my type\" }",
        "create index i on t (with, include desc, desc desc, nulls nulls first, collate collate C);",
        "create table t { a: int? unique, b: text collate C, c: \"char\" = \"a\" }",
    ] {
        operations(statement);
    }
}

#[test]
fn tables() {
    snapshot!(operations(
        "create table app.orders {
            id: bigint primary key identity by default (start 1000 no maxvalue),
            type: text,
            order: int unique = 0,
            price: numeric(10, 2) check (price >= 0),
            tags: text[] = \"{}\",
            note: text? collate \"en-x-icu\",
            customerId: uuid references customers on delete cascade deferrable,
            total: numeric generated as (price * 1.2) stored,
            createdAt: timestamptz(3) = now() at time zone \"utc\",
            where: geometry(Point, 4326),
            far: app.Status, c: \"char\",
            primary key PK_orders (id) include (status),
            unique nulls not distinct (order, note),
            foreign key FK_c (customerId, type) references customers (id, type) on delete set null on update cascade,
            exclude EX_slot using gist (type with =, during with &&) where (status <> \"void\"),
        }"
    ));
}

#[test]
fn changes_of_tables() {
    snapshot!(operations(
        "alter table people {
            add column a: int unique check (a > 0) references b,
            alter column kyc type kyc_status collate C using kyc::kyc_status revert using kyc::varchar,
            alter column email set not null concurrently,
            alter column points set default 0,
            alter column id add identity by default (start -1000),
            add unique UQ_email (email) concurrently,
            add primary key using index people_id_idx,
            add foreign key FK_org (orgId) references orgs (id) not valid,
            drop column legacyToken restore as \"\",
        }
        alter table app.users rename to people;"
    ));
}

#[test]
fn indexes() {
    snapshot!(operations(
        "create unique index UQ_users_email on users (lower(email)) where deletedAt is null;
        create index concurrently on app.posts using gin
            (a desc nulls last, (b -> \"t\") jsonb_path_ops, app.f(c, 1) collate C app.ops)
            include (title) with (fastupdate = off, fillfactor = 70);
        drop index concurrently app.i;
        reindex index app.i; reindex index i concurrently; reindex table app.t concurrently;"
    ));
}

#[test]
fn the_rest() {
    snapshot!(operations(
        "create sequence app.no as bigint start 1000 increment -1 no maxvalue cache 1 owned by app.invoices.no;
        alter sequence app.no restart 5000;
        comment on column users.email is \"lower case\";
        update users set a = b || \" \", c = 1 where d is null in batches of 10_000 down \"UPDATE\";
        sql r#\"INSERT INTO roles VALUES ('admin')\"# down none;"
    ));
}

#[test]
fn origins_lead_to_the_tokens() {
    let (text, origins, parsed) = parse_up("create table t { a: int = f( Ab ,\"c\")::text }");
    let migration = parsed.value.expect("valid");
    let Operation::CreateTable(table) = &migration.up[0].operation else { panic!() };
    let [TableItem::Column(column)] = table.items.as_slice() else { panic!() };
    let default = column.default.as_ref().expect("default");
    assert_eq!(default.sql(), r#"f("Ab", 'c')::text"#);
    for (in_sql, in_text) in
        [("f(", "f("), ("\"Ab", "Ab"), ("'c'", "\"c\""), ("::", "::"), ("text", "text }")]
    {
        let origin = default.origin_at(default.sql().find(in_sql).expect(in_sql));
        let Some(crate::Place::Offset(offset)) = origins.place(origin) else { panic!("{in_sql}") };
        assert!(text[offset..].starts_with(in_text), "{in_sql}: {}", &text[offset..]);
    }
}

#[test]
fn a_migration_and_its_attributes() {
    let (_, _, parsed) = parse(
        "use x::migration;
        x::migration! {
            /// Users get a phone number.
            ///
            ///   And more.
            #[allow(a, b, reason = \"c\")]
            #[irreversible(reason = \"d\")]
            AddPhone = 1_732_025_000_001;
            up { #[allow(e, reason = \"f\")] alter table t { #[allow(g, reason = \"h\",)] drop column a, drop column b } }
            down { }
        }",
    );
    let text = plain(&format!("{:?}", parsed.value));
    snapshot!(text.split(", checksum").next().unwrap_or_default());
}

#[test]
fn a_list() {
    let (_, _, parsed) = parse_list(
        "//! Docs
        deepref_schema::migrations! { #![postgres(15..)] #![forbid(irreversible)] #![ledger(app.log)]
            #![allow(blocking, reason = \"nobody waits\")] m1_a; m2_b; }",
    );
    snapshot!(plain(&format!("{parsed:?}")));
    let (_, _, parsed) = parse_list(
        "migrations! {
            migration A = 1 { up { drop table t; } }
            /// In one breath.
            migration B = 2 { up { drop table t; } down { } }
        }",
    );
    let list = parsed.value.expect("a list");
    assert_eq!(list.inline.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(list.inline[1].text, "In one breath.");
}

#[test]
fn a_list_stands_alone() {
    let alone = "//! Docs\n#![allow(x)]\nuse a::b;\n/// c\na::migrations! { m1_a; }";
    assert!(crate::stands_alone(alone));
    for other in ["", "mod a; migrations! { }", "migrations! { } migrations! { }", "fn f() {}"] {
        assert!(!crate::stands_alone(other), "{other}");
    }
}
