use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create schema app;
    create sequence s start 10 increment 5 cache 3;
    create sequence app.numbers as int minvalue 5 maxvalue 500 start 7 cycle;
    create sequence Down increment -1;
    create table t {
        id: serial primary key,
        n: bigint = nextval("s"),
        m: int? = nextval("app.numbers"::regclass),
        d: bigint = nextval("\"Down\""),
    }
    create table app.u { id: bigserial primary key, "a.b": int?, no: int identity by default }
    create sequence owned owned by t.n;
    create sequence app.owned as smallint owned by app.u.id;
"#;

const ROWS: &str = "INSERT INTO t DEFAULT VALUES; INSERT INTO app.u DEFAULT VALUES";

const CASES: &[Case] = &[
    up("create sequence x;"),
    up("create sequence app.x as smallint;"),
    up(
        "create sequence x as bigint start 1000 increment 1 no maxvalue no minvalue cache 1 no cycle;",
    ),
    up("create sequence x increment -3;"),
    up("create sequence x as int increment -3 minvalue -100 maxvalue 100 start 50 cache 5 cycle;"),
    up("create sequence x minvalue 0 start 0;"),
    up("create sequence x owned by t.n;"),
    up("create sequence app.x owned by app.u.id;"),
    up("create sequence \"a.b\"; create table v { n: bigint = nextval(\"\\\"a.b\\\"\") }"),
    up("create sequence x owned by none;"),
    up("alter sequence s increment 7;"),
    up("alter sequence s as int;"),
    up("alter sequence s as smallint maxvalue 500;"),
    up("alter sequence s minvalue 2 maxvalue 1000 cache 9 cycle;"),
    up("alter sequence s start 100;"),
    up("alter sequence s restart;"),
    up("alter sequence s restart 500;"),
    up("alter sequence s increment -1 minvalue -10 no maxvalue start -1 restart -1;"),
    up("alter sequence app.numbers no cycle no minvalue no maxvalue;"),
    up("alter sequence app.numbers as bigint;"),
    up("alter sequence app.numbers as smallint;"),
    up("alter sequence Down as int;"),
    up("alter sequence Down minvalue -50;"),
    up("alter sequence s increment -3 cache 5 as int;"),
    up("alter sequence s as smallint no maxvalue increment -1;"),
    up("alter sequence Down as int increment 3;"),
    up("alter sequence Down as int increment 3 no minvalue;"),
    up("alter sequence s owned by t.n;"),
    up("alter sequence owned owned by none;"),
    up("alter sequence owned owned by t.m;"),
    up("alter sequence t_id_seq cache 5;"),
    up("alter sequence s rename to s2;"),
    up("alter sequence app.numbers rename to No;"),
    up("alter sequence Down rename to down;"),
    up("alter sequence t_id_seq rename to ids;"),
    up("alter sequence app.u_id_seq rename to \"u.ids\";"),
    up("alter sequence app.u_no_seq rename to \"u.numbers\";"),
    up("alter table app.u rename to v; alter sequence app.u_no_seq rename to v_no_seq;"),
    up(
        "alter sequence owned rename to mine; alter table t rename to tt; alter sequence mine cache 7;",
    ),
    up("alter table t rename column id to key; alter sequence t_id_seq rename to t_key_seq;"),
    up("#[lossy] drop sequence owned;"),
    up("#[lossy] drop sequence app.owned;"),
    up("alter table t alter column n drop default; #[lossy] drop sequence s;"),
    up(
        "create sequence x; alter sequence x increment 2; alter sequence x owned by t.n; alter sequence x rename to y; drop sequence y;",
    ),
    up("create sequence x; alter table t alter column n set default nextval(\"x\");"),
    up(
        "create table v { id: int } create sequence x owned by v.id; create table w { n: bigint = nextval(\"x\") } alter table t alter column n set default nextval(\"x\");",
    ),
    up(
        "alter table t alter column id drop default; #[lossy] drop sequence t_id_seq; alter table t alter column id add identity;",
    ),
];

#[test]
fn sequences_are_changed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CASES });
}
