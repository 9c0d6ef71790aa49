//! What random histories found: the model accepted it, and the server did not.

use tests::database::fresh;
use tests::server::all;

use super::{Mistake, refused, wrong};

const BEFORE: &str = r#"
    create enum mood { happy, sad }
    create sequence counted;
    create table lettered { letter: "char"?, joined: text? }
    create index on lettered ((joined || "x"));
    create table marked { mood: mood? check (mood = "happy"::mood) }
    create table t {
        id: bigint primary key identity,
        name: text = lower("A"),
        word: text = "x",
        price: numeric? check (price > 0),
        rate: double precision? check (coalesce(rate, 0) >= 0),
        year: int? check (year between 1 and 9),
        kept: int?,
        json: int?,

        exclude EX (year with =) where (kept > 0),
    }
    create index IDX_json on t (json);
    create table users { id: bigint primary key, small: int?, extra: int? }
"#;

const MISTAKES: &[Mistake] = &[
    wrong(
        "wrong_type",
        "alter table lettered alter column joined type \"char\" using joined::text::r#char revert using joined::text;",
        "",
    ),
    wrong("wrong_type", "alter table lettered add check (\"x\" || letter <> \"y\");", ""),
    wrong("wrong_type", "alter table lettered add check (letter || letter <> \"y\");", ""),
    wrong("wrong_type", "create index on lettered ((letter || \"x\"));", ""),
    wrong(
        "wrong_type",
        "alter table marked add check (mood is distinct from 5);",
        "ALTER TABLE marked ADD CHECK (mood IS DISTINCT FROM 5)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (price is not distinct from current_date) not valid;",
        "ALTER TABLE t ADD CHECK (price IS NOT DISTINCT FROM current_date) NOT VALID",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (year not like word);",
        "ALTER TABLE t ADD CHECK (year NOT LIKE word)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (not year ilike word);",
        "ALTER TABLE t ADD CHECK (NOT year ILIKE word)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check (price similar to word);",
        "ALTER TABLE t ADD CHECK (price SIMILAR TO word)",
    ),
    wrong(
        "wrong_type",
        "alter table t add check ((year is distinct from 5) > 5);",
        "ALTER TABLE t ADD CHECK ((year IS DISTINCT FROM 5) > 5)",
    ),
    wrong(
        "wrong_type",
        "alter table marked alter column mood type tstzrange using mood::text::tstzrange revert using mood::text::mood;",
        "ALTER TABLE marked ALTER COLUMN mood TYPE tstzrange USING mood::text::tstzrange",
    ),
    wrong(
        "invalid_identity",
        "alter table t alter column id type text;",
        "ALTER TABLE t ALTER COLUMN id TYPE text",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column name type mood using name::mood revert using name::text;",
        "ALTER TABLE t ALTER COLUMN name TYPE mood USING name::mood",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column word type time using word::time revert using word::text;",
        "ALTER TABLE t ALTER COLUMN word TYPE time USING word::time",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column price type tsvector using price::text::tsvector revert using price::text::numeric;",
        "ALTER TABLE t ALTER COLUMN price TYPE tsvector USING price::text::tsvector",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column rate type time using rate::text::time revert using rate::text::double precision;",
        "ALTER TABLE t ALTER COLUMN rate TYPE time USING rate::text::time",
    ),
    wrong(
        "wrong_type",
        "alter table t alter column json type json using json::text::json revert using json::text::int;",
        "ALTER TABLE t ALTER COLUMN json TYPE json USING json::text::json",
    ),
    wrong(
        "still_used",
        "#[allow(data_loss, reason = \"x\")] alter table t drop column kept;",
        "ALTER TABLE t DROP COLUMN kept",
    ),
    wrong(
        "already_exists",
        "create table y { id: int, primary key y (id) }",
        "CREATE TABLE y (id int, CONSTRAINT y PRIMARY KEY (id))",
    ),
    wrong("shadowed_name", "alter enum mood rename to name;", ""),
    wrong("already_exists", "create enum counted { a }", ""),
    wrong(
        "already_exists",
        "create enum y_id_seq { a } create table y { id: serial }",
        "CREATE TYPE y_id_seq AS ENUM ('a'); CREATE TABLE y (id serial)",
    ),
    wrong(
        "wrong_type",
        "create table y { d: date } create index on y (d) where extract(year from d) > 2000; alter table y alter column d type tstzrange using d::text::tstzrange revert using d::text::date;",
        "CREATE TABLE y (d date); CREATE INDEX ON y (d) WHERE extract(year from d) > 2000; ALTER TABLE y ALTER COLUMN d TYPE tstzrange USING d::text::tstzrange",
    ),
    wrong(
        "still_used",
        "alter table users { add unique U (id, small) include (extra), add foreign key F (id, small) references users (id, small) } #[allow(data_loss, reason = \"x\")] alter table users drop column extra;",
        "ALTER TABLE users ADD CONSTRAINT u UNIQUE (id, small) INCLUDE (extra), ADD CONSTRAINT f FOREIGN KEY (id, small) REFERENCES users (id, small); ALTER TABLE users DROP COLUMN extra",
    ),
    wrong(
        "still_used",
        "create unique index on users (id, small) include (extra); alter table users add foreign key F (small, id) references users (small, id); #[allow(data_loss, reason = \"x\")] alter table users drop column extra;",
        "CREATE UNIQUE INDEX ON users (id, small) INCLUDE (extra); ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (small, id) REFERENCES users (small, id); ALTER TABLE users DROP COLUMN extra",
    ),
    wrong(
        "invalid_sequence",
        "create schema app; create sequence app.s owned by users.small;",
        "CREATE SCHEMA app; CREATE SEQUENCE app.s OWNED BY users.small",
    ),
    wrong("mixed_foreign_key", "alter table users add foreign key (small) references users;", ""),
];

#[test]
fn what_random_histories_found() {
    refused(BEFORE, MISTAKES);
}

/// PostgreSQL 14 still took it; a history must do on every version.
#[test]
fn servers_can_not_choose_an_operator_beside_char_since_15() {
    for server in all() {
        let database = fresh(server);
        for other in ["'x'", "null", "'x'::text", "'x'::varchar", "'x'::name", "'x'::\"char\""] {
            let sql = format!("SELECT 'a'::\"char\" || {other}, {other} || 'a'::\"char\"");
            let chosen = database.client().batch_execute(&sql).is_ok();
            assert_eq!(chosen, server.major() < 15, "{sql} on PostgreSQL {}", server.major());
        }
    }
}
