//! Every operation of the language on every server: the catalog is what the model says after `up`,
//! what it was before after `down`, and the same again after another `up`.

use tests::model::{Change, prove};
use tests::server::all;

const BASE: &str = r#"
    create extension "uuid-ossp";
    create enum mood { happy, "so so", sad }
    create table people {
        id: bigint primary key identity,
        name: text,
        email: varchar(100)? unique,
        age: int? check (age > 0),
        mood: mood = "happy",
        born: date?,
    }
    create table posts {
        id: uuid primary key = uuid_generate_v4(),
        author: bigint references people on delete cascade,
        title: text = "none",
        score: numeric(5, 2)?,
        tags: text[] = "{}",
        at: timestamptz = now(),
    }
    create index on posts (author, at desc);
    create index IDX_title on posts (lower(title)) where score is not null;
"#;

/// The bodies of migrations on top of [`BASE`]: `up` alone, or with `down`.
const CHANGES: &[&str] = &[
    "up { create table t { id: int } }",
    r#"up { create table t { id: serial primary key, n: numeric(10, 2) = 0, unique (n), check (n >= 0), } }"#,
    "up { alter table people add column phone: varchar(20)?; }",
    "up { #[allow(data_loss, reason = \"x\")] drop table posts; }",
    "up { #[allow(data_loss, reason = \"x\")] alter table people drop column email; }",
    "up { #[allow(data_loss, reason = \"x\")] alter table people drop column name restore as \"\"; }",
    "up { alter table people rename column age to years; }",
    "up { alter table people rename to persons; }",
    "up { alter table posts alter column title type varchar(20); }",
    "up { alter table people alter column mood type text using mood::text revert using mood::mood; }",
    "up { alter table people alter column name set default \"x\"; }",
    "up { alter table posts alter column title drop default; }",
    "up { alter table people alter column age set not null; }",
    "up { alter table people alter column age set not null concurrently; }",
    "up { alter table people alter column name drop not null; }",
    "up { alter table people alter column id drop identity; }",
    "up { alter table people add unique (name); }",
    "up { alter table people add unique UQ_name (name) concurrently; }",
    "up { alter table people add check (name <> '') not valid; }",
    "up { alter table people drop constraint people_email_key; }",
    "up { alter table posts drop constraint posts_author_fkey; }",
    "up { alter table posts rename constraint posts_author_fkey to FK_author; }",
    "up { create index concurrently IDX_score on posts (score desc nulls last) include (title); }",
    "up { drop index IDX_title; }",
    "up { alter index IDX_title rename to IDX_t; }",
    "up { create enum status { a, b } }",
    "up { alter enum mood add value angry before sad; }",
    "up { alter enum mood rename value happy to glad; }",
    "up { #[allow(data_loss, reason = \"x\")] alter enum mood drop value sad; }",
    "up { alter enum mood rename to feeling; }",
    "up { create schema app; create table app.t { id: int primary key } }",
    "up { create sequence s start 10 increment 5 cache 3; alter sequence s owned by people.id; }",
    "up { comment on table people is \"all of them\"; comment on column people.name is \"x\"; }",
];

#[test]
fn every_operation() {
    let mut wrong = Vec::new();
    for server in all() {
        for body in CHANGES {
            let body = body.replace("''", "\"\"");
            let change = Change { before: BASE, body: &body, oldest: 14 };
            if let Err(why) = prove(server, &change) {
                wrong.push(format!("{body} on {}:\n{why}", server.major()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
