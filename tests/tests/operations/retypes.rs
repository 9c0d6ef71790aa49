use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create extension btree_gist;
    create enum mood { happy, sad }
    create table owners { id: int primary key, code: varchar(10)? unique }
    create table t {
        id: int primary key identity,
        serial: serial,
        name: varchar(20) unique check (name <> "bad") = "happy",
        free: text? collate C = "7",
        note: text?,
        mood: mood check (mood in ("happy", "sad")) = "happy",
        count: int? check (count > 0) = 5,
        big: bigint = 5,
        price: numeric(10, 2) = 1.5,
        at: timestamp = now(),
        day: date?,
        flag: bool = true,
        json: json? = "{}",
        tags: text[] = "{}",
        fixed: char(3)?,
        during: tstzrange?,
        owner: int? references owners,
        code: varchar(10)? references owners (code),

        unique UQ_both (name, count),
        check CHK_both (count < big and price > 0),
        exclude EX (count with =) where (name = "x"),
    }
    create index IDX_name on t (lower(name), count) where free = "x";
    create index IDX_plain on t (name, at desc);
    create index IDX_ops on t (name varchar_pattern_ops);
    create index IDX_day on t (day) where day > "2020-01-01";
    comment on column t.name is "named";
    comment on constraint CHK_both on t is "commented";
    comment on index IDX_name is "indexed";
    comment on constraint EX on t is "excluded";
"#;

const ROWS: &str = "
    INSERT INTO owners VALUES (1, 'a'), (2, NULL);
    INSERT INTO t (name, free, note, mood, count, price, at, day, json, tags, fixed, owner, code)
    VALUES ('happy', '1', '12', 'sad', 3, 2.50, '2020-01-02 03:04:05', '2020-01-02', '{\"a\": 1}', '{x}', 'abc', 1, 'a'),
        ('two', NULL, NULL, 'happy', NULL, 3, '2021-01-02 03:04:05', NULL, NULL, '{}', NULL, NULL, NULL);
";

const CASES: &[Case] = &[
    up("alter table t alter column name type varchar(30);"),
    up("alter table t alter column name type text;"),
    up("alter table t alter column name type varchar;"),
    up("alter table t alter column name type varchar(20) collate C;"),
    up("alter table t alter column name type varchar(10);"),
    up("alter table t alter column free type varchar(30) collate C;"),
    up("alter table t alter column free type text;"),
    up("drop index IDX_name; alter table t alter column free type int using free::int;"),
    up("alter table t alter column note type varchar(10);"),
    up("alter table t alter column note type text collate C;"),
    up("alter table t alter column note type int using note::int;"),
    up("#[lossy] alter table t alter column note type int using length(note) revert using \"12\";")
        .losing(&["t.note"]),
    up("alter table t alter column mood type text;"),
    up(
        "alter table t alter column mood type varchar(10) using mood::varchar revert using mood::mood;",
    ),
    up("#[lossy] alter table t alter column note type mood using null revert using \"12\";")
        .losing(&["t.note"]),
    up("alter table t alter column count type bigint;"),
    up("alter table t alter column count type numeric(10, 2);"),
    up("alter table t alter column count type smallint;"),
    up("alter table t alter column big type int;"),
    up("alter table t alter column id type bigint;"),
    up("alter table t alter column serial type bigint;"),
    up("alter table t alter column price type numeric(12, 2);"),
    up("alter table t alter column price type numeric;"),
    up("#[lossy] alter table t alter column price type int;").losing(&["t.price"]),
    up("alter table t alter column at type timestamptz;"),
    up(
        "#[lossy] alter table t alter column at type timestamptz using at at time zone \"utc\" revert using at at time zone \"utc\";",
    ),
    up("#[lossy] alter table t alter column at type timestamp(3);"),
    up("#[lossy] alter table t alter column at type date;").losing(&["t.at"]),
    up("alter table t alter column day type timestamp;"),
    up(
        "alter table t { alter column flag drop default, alter column flag type int using flag::int }",
    ),
    up("alter table t alter column json type jsonb;"),
    up("alter table t alter column tags type varchar[];"),
    up("alter table t alter column fixed type char(5);"),
    up("alter table t alter column fixed type text;"),
    up("alter table t alter column owner type bigint;"),
    up("alter table t alter column code type text;"),
    up("alter table owners alter column code type varchar(20);"),
    up("alter table owners alter column id type bigint;"),
    up("alter table t alter column during type text;"),
    up(
        "alter table t { alter column name drop default, alter column name type text, alter column name set default \"x\" }",
    ),
    up(
        "alter table t { alter column count drop default, alter column count type bigint, alter column count set default 9, alter column big type numeric }",
    ),
    up(
        "alter table t { rename column name to title, alter column title type text, add check (title <> \"z\") }",
    ),
];

#[test]
fn types_of_columns_change() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CASES });
}
