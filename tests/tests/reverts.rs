//! What can come of a revert: it is total, data-dependent, lossy or not known. Servers agree: see
//! also `tests::hostile`, which all operations meet.

use deepref_schema_core::history::RevertClass;
use tests::database::fresh;
use tests::model::{Change, Checked, apply, assert_accepted, check, execute};
use tests::{hostile, server};

const BEFORE: &str = r#"
    create enum status { active, gone }
    create sequence numbers maxvalue 1000;
    create table users {
        id: bigint primary key,
        name: text,
        nick: text?,
        email: varchar(20) unique,
        age: int check (age > 0),
        visits: int = 0,
        status: status = "active",
        code: text?,
    }
    create index by_age on users (age);
    create index by_name on users (name);
    create index by_hash on users using hash (name);
    create index by_lower on users (lower(email));
    create unique index by_nick on users (nick);
    create table posts { id: bigint primary key, author: bigint references users, title: varchar(100) }
    create index by_title on posts (title);
    create table notes { id: int primary key, text: text, more: text? }
"#;

const ROWS: &str = "
    INSERT INTO users VALUES (1, 'one', 'o', 'one@x', 1, 1, 'active', '7'), (2, 'two', 't', 'two@x', 2, 2, 'gone', '8');
    INSERT INTO posts VALUES (1, 1, 'first'), (2, 2, 'second');
    INSERT INTO notes VALUES (1, 'a', 'b'), (2, 'c', NULL);
";

/// Reverts that no row makes fail.
const TOTAL: &[&str] = &[
    "alter table users rename column name to full_name; alter table posts rename to articles;",
    "alter table users { alter column name set default \"x\", alter column visits drop default }",
    "alter table users alter column nick type varchar(300);",
    "create index by_status on users (status); comment on table users is \"people\";",
    "alter table users { add check (visits >= 0), add unique (name) }",
    "drop index by_age; drop index by_hash; drop index by_title;",
    "alter enum status rename value gone to away;",
    "alter table users alter column nick set not null;",
    "#[allow(data_loss, reason = \"tested\")] alter table users drop column code;",
    "#[allow(data_loss, reason = \"tested\")] alter table users drop column visits;",
    "#[allow(data_loss, reason = \"tested\")] alter table users drop column code restore as \"none\";",
    "#[allow(data_loss, reason = \"tested\")] alter table notes drop column text restore as coalesce(more, \"\");",
    "#[allow(data_loss, reason = \"tested\")] drop table posts;",
];

/// Reverts that rows can make fail: what is said about them, and rows that do.
const FAILING: &[(&str, &[&str], &str)] = &[
    (
        "alter table users alter column name drop not null;",
        &["fails where `name` of users is null"],
        "UPDATE users SET name = NULL",
    ),
    (
        "alter table users drop constraint users_email_key;",
        &["fails where rows of users break `users_email_key`"],
        "UPDATE users SET email = 'same'",
    ),
    (
        "alter table users drop constraint users_age_check;",
        &["fails where rows of users break `users_age_check`"],
        "UPDATE users SET age = -1",
    ),
    (
        "alter table posts drop constraint posts_author_fkey;",
        &["fails where rows of posts break `posts_author_fkey`"],
        "UPDATE posts SET author = 3",
    ),
    (
        "drop index by_nick;",
        &["fails where rows of users are equal for `by_nick`"],
        "UPDATE users SET nick = 'same'",
    ),
    (
        "drop index by_name;",
        &["fails where a row of users does not fit into `by_name`"],
        "UPDATE users SET name = (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 500))",
    ),
    (
        "alter table posts alter column title type text;",
        &["fails where a value of `title` of posts is no character varying(100)"],
        "UPDATE posts SET title = repeat('x', 101)",
    ),
    (
        "alter table users alter column visits type bigint;",
        &["fails where a value of `visits` of users is no integer"],
        "UPDATE users SET visits = 5000000000",
    ),
    (
        "alter enum status add value asleep;",
        &["fails where a row holds `asleep` of status"],
        "UPDATE users SET status = 'asleep'",
    ),
    (
        "#[allow(data_loss, reason = \"tested\")] alter table users drop column name restore as code;",
        &[
            "fails where a row of users gives no value for `name`",
            "fails where a row of users does not fit into `by_name`",
        ],
        "UPDATE users SET code = NULL",
    ),
    (
        "alter sequence numbers maxvalue 5000;",
        &["fails where numbers has counted beyond its bounds"],
        "SELECT setval('numbers', 2000)",
    ),
];

/// Other reverts, with all that can come of them.
const OTHERS: &[(&str, RevertClass, &[&str])] = &[
    ("up { create table logs { id: int primary key } }", RevertClass::Lossy, &[]),
    ("up { alter table users add column born: date?; }", RevertClass::Lossy, &[]),
    (
        "up { create sequence more; }",
        RevertClass::Lossy,
        &["loses how far more has counted"],
    ),
    (
        "up { alter table users alter column visits type numeric(10, 2) using visits::numeric revert using round(visits)::int; }",
        RevertClass::Lossy,
        &[
            "can change what `visits` of users holds, to fit integer",
            "fails where a value of `visits` of users is no integer",
        ],
    ),
    (
        "up { sql \"CREATE VIEW v AS SELECT 1 AS one\" down \"DROP VIEW v\"; }",
        RevertClass::Unknown,
        &["runs SQL, which may do anything"],
    ),
    (
        "up { update users set visits = 0 down none; }",
        RevertClass::Total,
        &[],
    ),
    (
        "up { #[allow(data_loss, reason = \"tested\")] alter table users drop column code; alter table users alter column name drop not null; }
         down { alter table users add column code: text?; update users set code = \"\"; alter table users alter column name set not null; }",
        RevertClass::Unknown,
        &["updates users as its author wrote", "fails where `name` of users is null"],
    ),
    (
        "up { run steps::fill revert steps::empty; }",
        RevertClass::Unknown,
        &["runs steps::empty, which may do anything"],
    ),
];

fn checked(body: &str) -> Checked {
    let checked = check(&Change { before: BEFORE, body, oldest: 14 });
    assert_accepted(&checked.verified);
    checked
}

fn risks(checked: &Checked) -> Vec<&str> {
    checked.verified.risks.iter().map(|risk| risk.text.as_str()).collect()
}

#[test]
fn each_revert_has_its_class() {
    for body in TOTAL {
        let checked = checked(&format!("up {{ {body} }}"));
        let class = checked.verified.revert_class();
        assert_eq!(class, Some(RevertClass::Total), "{body}: {:?}", checked.verified.risks);
    }
    for (body, said, _) in FAILING {
        let checked = checked(&format!("up {{ {body} }}"));
        assert_eq!(checked.verified.revert_class(), Some(RevertClass::DataDependent), "{body}");
        assert_eq!(risks(&checked), *said, "{body}");
    }
    for (body, class, said) in OTHERS {
        let checked = checked(body);
        assert_eq!(checked.verified.revert_class(), Some(*class), "{body}");
        assert_eq!(risks(&checked), *said, "{body}");
    }
}

#[test]
fn total_reverts_take_any_rows_and_keep_them() {
    for server in server::all() {
        for body in TOTAL {
            let checked = checked(&format!("up {{ {body} }}"));
            let database = fresh(server);
            let mut client = database.client();
            apply(&mut client, &checked.setup).unwrap();
            execute(&mut client, ROWS).unwrap();
            apply(&mut client, &checked.verified.up).unwrap();
            let survived = hostile::survives(&mut client, checked.verified.down.as_ref().unwrap());
            survived.unwrap_or_else(|why| panic!("{body} on {}: {why}", server.major()));
        }
    }
}

#[test]
fn data_dependent_reverts_fail_on_such_rows_alone() {
    for server in server::all() {
        for (body, _, rows) in FAILING {
            let checked = checked(&format!("up {{ {body} }}"));
            let down = checked.verified.down.as_ref().unwrap();
            let database = fresh(server);
            let mut client = database.client();
            apply(&mut client, &checked.setup).unwrap();
            execute(&mut client, ROWS).unwrap();
            let up = &checked.verified.up;
            apply(&mut client, up).unwrap();
            let good = apply(&mut client, down).and_then(|()| apply(&mut client, up));
            good.unwrap_or_else(|why| panic!("{body} on {}: {why}", server.major()));
            execute(&mut client, rows).unwrap();
            let reverted = apply(&mut client, down);
            assert!(reverted.is_err(), "{body} on {}", server.major());
        }
    }
}
