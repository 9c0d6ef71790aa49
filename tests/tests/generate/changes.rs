//! Changes of entities, and the migrations that are written for them.

use tests::model::{Change, prove};
use tests::server::{all, newest};

use super::project::Project;

/// What was, what the entities say now, and what is written.
struct Case {
    before: &'static str,
    entities: &'static str,
    options: &'static [&'static str],
    written: &'static str,
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    // The first table, with all that a column can have.
    Case {
        before: "create extension \"uuid-ossp\"; create schema app;",
        entities: r#"
            /// The state of an order.
            #[derive(PgEnum)]
            #[pg_enum(name = app.order_state, rename_all = "snake_case", comment)]
            enum OrderState { New, InReview, #[pg_enum(rename = "sent off")] Sent }

            #[derive(Entity)]
            #[entity(
                table = app.orders, rename_all = "camelCase", comment = "what is bought",
                unique UQ_slot (orderState, r#position), check (price >= 0 and price < 1000),
                index IDX_open (createdAt desc nulls last, id) include (price) where orderState <> "new",
                unique index (lower(title)), index using gin (tags),
                exclude using btree (id with =),
            )]
            struct Order {
                #[column(primary key, default = uuid_generate_v4())]
                id: uuid::Uuid,
                #[column(type = numeric(10, 2))]
                price: Decimal,
                #[column(default = "new", index)]
                order_state: OrderState,
                #[column(type = smallint, default = 0)]
                position: u8,
                #[column(collate C, comment = "as it is shown")]
                title: String,
                #[column(generated as (price * 1.2) stored)]
                gross: Option<Decimal>,
                #[column(default = "{}")]
                tags: Vec<String>,
                #[column(rename = "Picture")]
                image: Option<Vec<u8>>,
                #[column(default = now())]
                created_at: Timestamp,
                #[column(type = bigserial)]
                number: i64,
                meta: Option<serde_json::Value>,
                #[column(skip)]
                cached: HashMap<String, String>,
            }
        "#,
        options: &[],
        written: r#"up {
        create enum app.order_state { new, in_review, "sent off" }

        create table app.orders {
            id: uuid primary key = uuid_generate_v4(),
            price: numeric(10, 2) check (price >= 0 and price < 1000),
            orderState: app.order_state = "new",
            position: smallint = 0,
            title: text collate C,
            gross: numeric? generated as (price * 1.2) stored,
            tags: text[] = "{}",
            Picture: bytea?,
            createdAt: timestamptz = now(),
            number: bigserial,
            meta: jsonb?,

            unique UQ_slot (orderState, position),
            exclude (id with =),
        }
        create index IDX_open on app.orders (createdAt desc nulls last, id) include (price) where orderState <> "new";
        create unique index orders_lower_idx on app.orders (lower(title));
        create index orders_orderState_idx on app.orders (orderState);
        create index orders_tags_idx on app.orders using gin (tags);

        comment on enum app.order_state is "The state of an order.";
        comment on table app.orders is "what is bought";
        comment on column app.orders.title is "as it is shown";
    }"#,
    },
    // Tables that refer to each other, and to themselves.
    Case {
        before: "create table users { id: bigint primary key identity }",
        entities: "
            #[derive(Entity)] #[entity(table = users)]
            struct User { #[column(primary_key, identity)] id: i64, #[column(references teams on delete set null)] team: Option<i64> }
            #[derive(Entity)] #[entity(table = teams)]
            struct Team {
                #[column(primary_key, identity)] id: i64,
                #[column(references users)] leader: i64,
                #[column(references teams (id))] parent: Option<i64>,
            }
            #[derive(Entity)] #[entity(table = memberships, primary key (team, member))]
            struct Membership { #[column(references teams)] team: i64, #[column(references users on delete cascade, index)] member: i64 }
        ",
        options: &[],
        written: "",
    },
    // Changes of a table that exists block nobody.
    Case {
        before: "
            create table orgs { id: bigint primary key identity }
            create table users {
                id: bigint primary key identity, email: varchar(100)?, age: int, org: bigint?, note: text = \"x\",
                check (age > 0),
            }
            create index on users (age);
        ",
        entities: r#"
            #[derive(Entity)] #[entity(table = users, index (age, email), check (age > 17))]
            struct User {
                #[column(primary_key, identity)] id: i64,
                #[column(type = varchar(200), unique)] email: String,
                age: Option<i32>,
                #[column(references orgs)] org: Option<i64>,
                note: String,
            }
        "#,
        options: &[],
        written: "",
    },
    // Values of enums.
    Case {
        before: "create enum kind { a, b, c } create table t { id: int primary key, kind: kind = \"a\", kinds: kind[]? }",
        entities: r#"
            #[derive(PgEnum)] #[pg_enum(rename_all = "lowercase")] enum Kind { A, New, B }
            #[derive(Entity)] struct T { #[column(primary_key)] id: i32, #[column(default = "a")] kind: Kind, kinds: Option<Vec<Kind>> }
        "#,
        options: &["--reason", "nothing has it"],
        written: "",
    },
    // A column that old rows need a value for.
    Case {
        before: "create table users { id: bigint primary key identity }",
        entities: "
            #[derive(Entity)] #[entity(table = users)]
            struct User { #[column(primary_key, identity)] id: i64, country: String }
        ",
        options: &["--fill", "users.country=\"unknown\""],
        written: "",
    },
    // A value of its own for each row: nobody waits until all are written.
    Case {
        before: "create table users { id: bigint primary key identity }",
        entities: "
            #[derive(Entity)] #[entity(table = users)]
            struct User { #[column(primary_key, identity)] id: i64, #[column(default = gen_random_uuid(), unique)] token: uuid::Uuid }
        ",
        options: &[],
        written: "up {
        alter table users {
            add column token: uuid?,
            alter column token set default gen_random_uuid(),
        }

        update users set token = gen_random_uuid() where token is null in batches of 10_000;

        alter table users {
            alter column token set not null concurrently,
            add unique (token) concurrently,
        }
    }",
    },
    // A number for each row, from a sequence.
    Case {
        before: "create table users { id: bigint primary key identity }",
        entities: "
            #[derive(Entity)] #[entity(table = users)]
            struct User { #[column(primary_key, identity)] id: i64, #[column(type = serial)] number: i32 }
        ",
        options: &[],
        written: "",
    },
    // What a struct does not have is dropped, and comes back when that is reverted.
    Case {
        before: "create table users { id: bigint primary key identity, token: text, old: int = 0 } create index on users (old);",
        entities: "
            #[derive(Entity)] #[entity(table = users)]
            struct User { #[column(primary_key, identity)] id: i64 }
        ",
        options: &["--reason", "nobody reads them", "--restore", "users.token=\"\""],
        written: "",
    },
    // A rename keeps what is on the column, whatever its index is called.
    Case {
        before: "create table users { id: bigint primary key identity, phoneNumber: varchar(20)? unique } create index IDX_phone on users (phoneNumber) where phoneNumber is not null;",
        entities: "
            #[derive(Entity)] #[entity(table = users, index (phone) where phone is not null)]
            struct User { #[column(primary_key, identity)] id: i64, #[column(unique)] phone: Option<String> }
        ",
        options: &["--rename", "users.phoneNumber=phone"],
        written: "up {
        alter table users rename column phoneNumber to phone;
    }",
    },
    // A table with another name.
    Case {
        before: "create table users { id: bigint primary key identity, email: text unique }",
        entities: "
            #[derive(Entity)] #[entity(table = people)]
            struct Person { #[column(primary_key, identity)] id: i64, #[column(unique)] email: String }
        ",
        options: &["--rename", "users=people"],
        written: "up {
        alter table users rename to people;
    }",
    },
    // Two structs for one table, and tables that nobody describes.
    Case {
        before: "create table users { id: bigint primary key identity, email: text } create table other { id: int primary key }",
        entities: "
            #[derive(Entity)] #[entity(table = users)]
            struct User { #[column(primary_key, identity)] id: i64, email: String, name: Option<String> }
            #[derive(Entity)] #[entity(table = users, partial)]
            struct Name { id: i64, name: Option<String> }
        ",
        options: &[],
        written: "up {
        alter table users add column name: text?;
    }",
    },
];

#[test]
fn servers_take_what_is_written_and_nothing_is_left() {
    for case in CASES {
        let project = Project::new(case.before, case.entities);
        let arguments = [&["generate", "Change"][..], case.options].concat();
        project.run(&arguments, 0);
        let body = project.written();
        assert!(body.starts_with(case.written), "written:\n{body}\nwanted:\n{}", case.written);
        let again = project.run(&["generate", "--check"], 0);
        assert!(again.contains("describe"), "{again}");
        let change = Change { before: case.before, body: &body, oldest: 14 };
        let oldest = all().first().copied();
        for server in oldest.into_iter().chain([newest()]) {
            prove(server, &change)
                .unwrap_or_else(|why| panic!("{}: {why}\n{body}", server.major()));
        }
    }
}

/// On tables that exist nothing blocks for longer than an instant.
#[test]
fn tables_that_exist_are_changed_by_the_safe_forms() {
    let case = &CASES[2];
    let project = Project::new(case.before, case.entities);
    project.run(&["generate", "Change"], 0);
    let body = project.written();
    for safe in [
        "add unique (email) concurrently",
        "set not null concurrently",
        "add foreign key (org) references orgs (id) concurrently",
        "create index concurrently",
    ] {
        assert!(body.contains(safe), "no `{safe}` in:\n{body}");
    }
}
