use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create schema app;
    create schema "My Schema";
    create schema ext;
    create extension citext schema ext;
    create extension "uuid-ossp" schema ext;
    create extension hstore;
    create enum app.mood { happy, sad }
    create table app.t {
        id: uuid primary key = uuid_generate_v4(),
        email: citext unique,
        mails: citext[]?,
        tags: hstore?,
        mood: app.mood = "happy",
        check (email <> "x"::citext),
    }
    create table "My Schema"."My Table" { id: int primary key, "a column": int? }
    create table t { id: int primary key, t: uuid? references app.t, m: int? references "My Schema"."My Table" }
"#;

const ROWS: &str = "
    INSERT INTO app.t (email, tags) VALUES ('A@b.c', 'a=>1'); INSERT INTO t (id, t) SELECT 1, id FROM app.t;
    INSERT INTO \"My Schema\".\"My Table\" VALUES (1, 2);
";

const CASES: &[Case] = &[
    up("create schema s;"),
    up("create schema s; drop schema s;"),
    up("create schema \"pro.duct\"; create table \"pro.duct\".\"a.b\" { id: int primary key identity, \"c.d\": int unique }"),
    up("create schema empty; create enum empty.e { a } create sequence empty.s; create table empty.t { e: empty.e = \"a\", n: bigint = nextval(\"empty.s\") }"),
    up("create extension pgcrypto;"),
    up("create extension pg_trgm schema ext; create index on app.t using gin ((email::text) gin_trgm_ops);"),
    up("create extension btree_gist schema app; create table u { a: int, b: tstzrange, exclude using gist (a with =, b with &&) }"),
    up("create schema s; create extension ltree schema s; create table u { a: ltree, b: s.ltree?, c: int = nlevel(\"a.b\"::ltree) } create index on u using gist (a);"),
    up("create table u { a: uuid = uuid_generate_v4(), b: citext = \"x\", c: citext[] = \"{a,b}\" }"),
    up("create table u { a: ext.citext, b: uuid = ext.uuid_generate_v4() }"),
    up("alter table app.t add column x: citext? check (x > \"a\") = \"b\"::citext;"),
    up("alter table app.t alter column email type text;"),
    up("#[lossy] alter table app.t alter column tags type jsonb using tags::jsonb revert using null;").losing(&["app.t.tags"]),
    up("create table ext.u { id: int primary key, mail: citext } create index on ext.u (lower(mail));"),
    up("create extension unaccent; drop extension unaccent;"),
    up("#[lossy] drop table t; #[lossy] drop table \"My Schema\".\"My Table\"; drop schema \"My Schema\";").losing(&["t", "My Schema.My Table"]),
    up("#[lossy] alter table app.t drop column tags; drop extension hstore;").losing(&["app.t.tags"]),
    up("create index on app.t (email); create index on app.t (tags); create index on app.t using gin (tags);"),
];

#[test]
fn schemas_and_extensions() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CASES });
}
