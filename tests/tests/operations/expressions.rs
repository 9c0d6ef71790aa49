//! Expressions that PostgreSQL accepts: operators, functions, casts and literals of many types.

use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create extension citext;
    create extension btree_gist;
    create enum mood { happy, sad }
    create table t {
        id: int primary key,
        a: int?,
        b: text?,
        c: bigint?,
        mood: mood?,
        at: timestamptz?,
        day: date?,
        list: int[]?,
        json: jsonb?,
        p: point?,
        r: int4range?,
        mail: citext?,
        small: smallint?,
        g: int? generated as (a * 2) stored,
        flag: bool?,
        letter: "char"?,
        num: numeric(5, 2)?,
        v: varchar(5)?,
    }
    create table u { x: int primary key, y: text?, m: mood? }
"#;

const CASES: &[Case] = &[
    up(
        "alter table t add check (letter = \"x\" and letter > \"q\" and letter ~ \"x\" and letter like \"x%\" and letter || 5 <> \"x\" and letter::text || \"x\" <> b and letter is distinct from \"y\" and letter in (\"q\", \"w\"));",
    ),
    up(
        "alter table t add check (mood is distinct from \"happy\" and a is not distinct from small and num is distinct from 1.5 and at is distinct from \"2024-01-01\" and null is distinct from list and v is distinct from b and json is not distinct from null and r is distinct from \"[1,2)\");",
    ),
    up(
        "alter table t add check (mail not like \"x\" and v not ilike b and v similar to b and b not similar to v and (a is distinct from 1) = flag and (a is distinct from 1) is not true and a not in (small, 5) and mood not in (\"sad\"));",
    ),
    up(
        "alter table t add check (b > \"x\" and a > 5 and c > a and small < c and num > a and num > 1.5 and a < 1.5);",
    ),
    up(
        "alter table t add check (small = 1 and small + 1 > c and a * 2.5 > num and a / 2 = 3 and a % 2 = 0);",
    ),
    up(
        "alter table t add check (v = b and v || b <> \"x\" and b || v like \"x%\" and v ~ \"x\" and v ilike b);",
    ),
    up(
        "alter table t add check (mail = \"x\" and mail <> b and mail like \"x%\" and mail ~ \"x\" and lower(mail) = \"x\" and length(mail) > 3);",
    ),
    up(
        "alter table t add check (at > \"2020-01-01\" and at > day and day < at and at - interval \"1 day\" < day and at + interval \"1 day\" > now());",
    ),
    up(
        "alter table t add check (day + 1 > \"2020-01-01\" and day - 5 < \"2020-01-01\" and day - day > 5 and at - at > interval \"1 day\" and at - at > \"1 day\");",
    ),
    up(
        "alter table t add check (day + interval \"1 day\" > at and day + time \"10:00\" > at::timestamp);",
    ),
    up(
        "alter table t add check (list @> array[1] and list && \"{1,2}\" and 1 = any (list) and list[1] > 5 and array_length(list, 1) > 2 and cardinality(list) > 1);",
    ),
    up(
        "alter table t add check (list || 5 = \"{1}\" and list || array[1] = list and 5 || list <> list);",
    ),
    up(
        "alter table t add check (r @> 5 and r && int4range(1, 5) and lower(r) > 1 and upper(r) < a and r << \"[5,6)\" and not isempty(r));",
    ),
    up(
        "alter table t add check (p <@ box \"((0,0),(1,1))\" and p <-> point \"(0,0)\" < 5 and p ~= point \"(1,1)\");",
    ),
    up(
        "alter table t add check (mood = \"happy\" and mood > \"happy\" and mood in (\"happy\", \"sad\") and mood = any (array[\"happy\"]::mood[]) and mood = any (\"{happy,sad}\") and mood::text = b and mood is distinct from \"sad\");",
    ),
    up(
        "alter table t add check (flag and not flag or flag is true and flag = true and flag is not false and (a > 5) = flag);",
    ),
    up(
        "alter table t add check (coalesce(a, 0) > 0 and coalesce(b, \"\") <> \"x\" and coalesce(num, a, 5) > 0 and greatest(a, c) > 1 and least(a, num) > 1 and nullif(a, 0) > 1);",
    ),
    up(
        "alter table t add check (case when a > 5 then b = \"x\" else flag end and case mood when \"happy\" then 1 else 2 end > 1);",
    ),
    up(
        "alter table t add check (length(b) > 5 and char_length(v) < 5 and octet_length(b) < 5 and upper(b) = b and trim(b) <> \"x\" and substring(b from 1 for 2) = \"x\" and position(\"x\" in b) > 0 and left(b, 2) = \"x\");",
    ),
    up(
        "alter table t add check (round(num, 1) > 5 and abs(a) > 5 and abs(num) > 5 and floor(num) = num and mod(a, 2) = 1 and power(a, 2) > 5 and sqrt(a) > 2 and ceil(a / 2.0) > 5);",
    ),
    up(
        "alter table t add check (extract(year from at) > 2000 and date_part(\"year\", day) > 2000 and extract(epoch from at) > 5 and extract(dow from day) in (1, 2));",
    ),
    up(
        "alter table t add check (date_trunc(\"month\", day) = day and date_trunc(\"hour\", at) = at and age(at) > \"1 day\" and to_char(at, \"YYYY\") = \"x\" and make_date(2020, 1, 1) < day);",
    ),
    up(
        "alter table t add check (b::int > 5 and a::text = b and a::bigint > c and num::int = a and b::date > day and at::date = day and b::uuid is not null and b::numeric(5, 2) > num and a::numeric > 1);",
    ),
    up(
        "alter table t add check (b similar to \"x%\" and b not like \"y\" and b !~ \"z\" and b !~* \"q\" and b ~* \"x\" and b not ilike \"x\" and starts_with(b, \"x\"));",
    ),
    up(
        "alter table t add check (a between 1 and 5 and c between a and 10 and day between \"2020-01-01\" and \"2020-02-01\" and num not between 1 and 2.5 and b between \"q\" and \"z\");",
    ),
    up(
        "alter table t add check (num_nonnulls(a, b) = 1 and num_nulls(a, b, c) < 2 and (a is null) = (b is null) and (a, c) = (1, 2) and (a, b) is not null);",
    ),
    up(
        "alter table t add check (a & 1 = 1 and a | c > 2 and a # 5 = 4 and ~a < 5 and a << 2 > 5 and -a < 5 and + a > 5);",
    ),
    up(
        "alter table t add check (a = 5::smallint and c = 5 and small = 5::bigint and num = 5::real and a = \"5\" and num = \"5.5\" and a > 1e3);",
    ),
    up(
        "alter table t add check (to_tsvector(\"english\", b) @@ to_tsquery(\"x\") and to_tsvector(b) @@ \"x\" and b @@ \"x\");",
    ),
    up(
        "alter table t add check (a::oid = 5 and \"t\"::regclass = a::oid and current_user = b and current_date > day and b = current_user::text and session_user <> \"x\");",
    ),
    up(
        "create index on t ((a + c), (num * 2), (b || v), (coalesce(a, 0)), (json -> \"q\"), (json ->> \"q\"), (lower(b)), (a is null), (flag and true));",
    ),
    up("create index on t using gin ((json -> \"tags\"));"),
    up("create index on t using gin (to_tsvector(\"english\", b), json jsonb_path_ops, list);"),
    up("create index on t using gist (r, p, a, (a + 1), at);"),
    up(
        "create index on t (a int4_ops, b text_ops, v text_ops, v varchar_pattern_ops, mail citext_ops, b varchar_ops, list array_ops, mood enum_ops, small int2_ops, at timestamptz_ops);",
    ),
    up("create index on t (b collate C, v collate C, mail collate C, (b || \"x\") collate C);"),
    up(
        "create index on t ((day + 1), (day - day), ((at at time zone \"utc\")::date), (date_trunc(\"month\", at at time zone \"utc\")));",
    ),
    up(
        "create index on t ((num::text), (a::text), (b::int), (a::bigint), (flag::int), (b::numeric), (b::uuid), (json::text), (b::varchar(3)));",
    ),
    up("alter table t add column x: text? generated as (b || \"-\" || a) stored;"),
    up("alter table t add column x: text? generated as (a::text || v) stored;"),
    up("alter table t add column x: numeric? generated as (a * 1.5) stored;"),
    up("alter table t add column x: int? generated as (a * 1.5) stored;"),
    up("alter table t add column x: text? generated as (lower(v)) stored;"),
    up(
        "alter table t add column x: tsvector? generated as (to_tsvector(\"english\", coalesce(b, \"\") || \" \" || coalesce(v, \"\"))) stored;",
    ),
    up("alter table t add column x: varchar(3)? generated as (b) stored;"),
    up(
        "alter table t add check (normalize(b, nfkc) = b and normalize(v) is nfd normalized and b is not normalized); create index on t (lower(normalize(b, nfkd)));",
    ),
    up("alter table t add column x: bool? generated as (a > 5) stored;"),
    up("alter table t add column x: date? generated as ((at at time zone \"utc\")::date) stored;"),
    up("alter table t add column x: bigint = 5;"),
    up("alter table t add column x: real = 1.5;"),
    up("alter table t add column x: int = 1.5;"),
    up("alter table t add column x: smallint = -32768;"),
    up("alter table t add column x: int = -2147483648;"),
    up("alter table t add column x: numeric(5,2) = -999.99;"),
    up("alter table t add column x: int = 2 * 3 + 1;"),
    up("alter table t add column x: bool = 1 > 2;"),
    up("alter table t add column x: interval = \"1 day\"::interval * 2;"),
    up("alter table t add column x: timestamptz = now() + interval \"1 day\";"),
    up("alter table t add column x: timestamptz = now() + \"1 day\";"),
    up("alter table t add column x: timestamp = now();"),
    up("alter table t add column x: date = now();"),
    up("alter table t add column x: text = 5;"),
    up("alter table t add column x: text = gen_random_uuid();"),
    up("alter table t add column x: varchar(36) = gen_random_uuid()::text;"),
    up("alter table t add column x: int[] = \"{1,2,null}\";"),
    up("alter table t add column x: int[] = \"{{1,2},{3,4}}\";"),
    up("alter table t add column x: timestamptz[] = \"{2020-01-01}\";"),
    up("alter table t add column x: date = \"2024-02-29\";"),
    up("alter table t add column x: timestamptz = \"2020-01-01T00:00:00Z\";"),
    up("alter table t add column x: jsonb = \"[]\"::jsonb;"),
    up("alter table t add column x: jsonb = jsonb_build_object(\"x\", 1);"),
    up("alter table t add column x: jsonb = to_jsonb(5);"),
    up("alter table t add column x: bytea = decode(\"00\", \"hex\");"),
    up("alter table t add column x: text = concat(\"x\", 5);"),
    up("alter table t add column x: text = left(md5(random()::text), 8);"),
    up("alter table t add column x: int = (random() * 100)::int;"),
    up("alter table t add column x: int = floor(random() * 100);"),
    up("alter table t add column x: bigint = extract(epoch from now());"),
    up(
        "create index on t ((extract(year from day))) where extract(hour from \"1 hour\"::interval) > 0;",
    ),
    up("alter table t add column x: bigint = (extract(epoch from now()) * 1000)::bigint;"),
    up("alter table t add column x: text = to_char(now(), \"YYYY\");"),
    up("alter table t add column x: bit(3) = \"101\";"),
    up("alter table t add column x: inet = \"127.0.0.1\";"),
    up("alter table t add column x: mood = \"happy\"::text::mood;"),
    up("alter table t add column x: money = 5;"),
    up("alter table t add column x: oid = 5;"),
    up("alter table t add column x: name = \"x\";"),
    up("alter table t add column x: citext = \"x\"::text;"),
    up("alter table t add column x: char(3) = \"x\";"),
    up("alter table t add column x: text = current_user;"),
    up("alter table t add column x: text = current_setting(\"x\", true);"),
    up(
        "update t set a = (select count(*) from u where u.x = t.a), b = (select max(y) from u) down none;",
    ),
    up(
        "update t set a = (select max(length(n)) from (select x.y as n from u as x) as q) down none;",
    ),
    up("update t set a = (select n.c from u as n (c, d) where n.c = t.a limit 1) down none;"),
    up("update t set a = (select count(*) as n from u group by y order by n limit 1) down none;"),
    up(
        "update t set a = (select g from generate_series(1, 3) as g where g > t.id limit 1) down none;",
    ),
    up(
        "update t set a = (select count(*) from pg_class as c where c.relname = current_user::text) down none;",
    ),
    up(
        "update t set a = (select count(*) from information_schema.tables where table_name is not null) down none;",
    ),
    up(
        "update t set a = (select count(*) filter (where p.y is not null) from u as p left join u as r on r.x = p.x and r.y in (select z.y from u as z where z.x = p.x)) down none;",
    ),
    up("update t set a = (select count(u) from u where u is not null and x = id) down none;"),
    up(
        "update t set a = 1 where exists (select 1 from u where u.x = t.id) and mood = any (array[\"happy\"::mood]) down none;",
    ),
    up(
        "create table y { a: int, b: tstzrange, c: point?, d: inet?, exclude using gist (a with <>, b with &&), exclude using gist (b with -|-), exclude using gist (d inet_ops with &&), exclude using spgist (b with &&) }",
    ),
];

#[test]
fn expressions_are_accepted() {
    prove(&Topic { before: BEFORE, rows: "", oldest: 14, cases: CASES });
}
