//! Several changes in one migration, which depend on each other.

use super::prove_everywhere;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create enum mood { happy, sad }
    create table users { id: int primary key, first: text, last: text, email: text? unique, status: text = "new", org: int? }
    create table orgs { id: int primary key, name: text }
    create table posts { id: int primary key, author: int references users on delete cascade deferrable initially deferred, title: text = "", mood: mood = "happy" }
    create index IDX_author on posts (author, id desc);
    create index IDX_status on users (status) where status <> "new";
"#;

const ROWS: &str = "
    INSERT INTO orgs VALUES (1, 'o');
    INSERT INTO users VALUES (1, 'Ada', 'L', 'a@b', 'new', 1), (2, 'Bob', 'M', NULL, 'old', NULL);
    INSERT INTO posts VALUES (1, 1), (2, 2);
";

const CASES: &[Case] = &[
    up("create enum status { r#new, old, gone } alter table users alter column status type status using status::status revert using status::text;"),
    up("create enum status { r#new, old } alter table users { alter column status type status using status::status revert using status::text, alter column status set default \"old\" }"),
    up("alter table users add column name: text?; update users set name = first || \" \" || last; alter table users alter column name set not null;"),
    up("alter table users add foreign key FK_org (org) references orgs concurrently; create index concurrently on users (org);"),
    up("alter table users { rename column first to given, rename column last to family, add column full: text? generated as (given || family) stored }"),
    up("alter table users rename to people; alter table people add column nick: text?; alter table posts rename column author to person; create index on posts (person);"),
    up("create table tags { id: serial primary key, name: text unique } create table post_tags { post: int references posts, tag: int references tags, primary key (post, tag) } create index on post_tags (tag);"),
    up("create table a { id: int primary key, b: int? } create table b { id: int primary key, a: int references a } alter table a add foreign key (b) references b; comment on table a is \"a\"; create index on a (b);"),
    up("drop index IDX_author; alter table posts drop constraint posts_author_fkey; alter table posts rename column author to by; alter table posts add foreign key (by) references users; create index IDX_author on posts (by);"),
    up("update posts set title = \"x\" down \"UPDATE posts SET title = ''\"; alter table posts add check (title <> \"\");"),
    up("update posts set author = 1 where id = 1 down none; alter table posts add column x: int = 1;"),
    up("alter enum mood add value calm; update posts set mood = \"calm\" where id = 1 down \"UPDATE posts SET mood = 'happy'\"; alter table posts alter column mood set default \"calm\";"),
    up("create table t { id: int } alter table t rename to u; alter table u { add column a: int?, rename column a to b, alter column b type bigint, alter column b set default 4, alter column b set not null } create index on u (b);"),
    up("create table t { id: int } drop table t; create table t { id: bigint primary key }"),
    up("create enum users_pkey { a } alter table posts drop constraint posts_author_fkey; alter table users { drop constraint users_pkey, add primary key (id) }"),
    up("create table b { id: serial } create table a { id: bigint = nextval(\"b_id_seq\") }"),
    up("create table on { id: int } create index on r#on (id);"),
    up("#[allow(mixed_foreign_key, reason = \"small for now\")] create table t { id: int primary key, wide: bigint? references users }"),
    up("alter table users drop constraint users_email_key; create unique index users_email_key on users (lower(email));"),
    up("create unique index concurrently UQ on users (email, org); alter table users { drop constraint users_email_key, add unique users_email_key using index UQ }"),
    up("alter table users add column x: int?; create index IDX on users (x); alter table users rename column x to y; alter index IDX rename to IDX_y; comment on index IDX_y is \"y\";"),
    up("create schema app; create enum app.e { a } create table app.t { e: app.e } alter table users add column e: app.e = \"a\"; alter enum app.e rename to f;"),
    up("sql \"DELETE FROM posts\" down none; alter table posts drop constraint posts_author_fkey; #[lossy] drop table users; create table users { id: bigint primary key } ").losing(&["users", "posts"]),
    up("sql \"INSERT INTO users (id, first, last) VALUES (3, 'C', 'D'); INSERT INTO posts VALUES (3, 3)\" down \"DELETE FROM users WHERE id = 3\"; alter table posts add column n: int?;"),
    up("alter table posts add column n: int?;").down("sql \"UPDATE posts SET author = author\" down none; alter table posts drop column n;"),
    up("alter table users { add unique (first), drop constraint users_first_key, add unique (last) }"),
    up("alter table users add column code: text? unique; #[lossy] alter table users drop column email; alter table users rename column code to email;").losing(&["users.email"]),
];

#[test]
fn changes_stand_together() {
    prove_everywhere(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CASES });
}
