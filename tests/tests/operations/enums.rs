use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create schema app;
    create enum mood { happy, "so so", sad, Angry }
    create enum app.Size { small, large }
    create enum unused { a }
    comment on enum mood is "how it goes";
    create table t {
        id: int primary key,
        mood: mood check (mood <> "sad") = "happy",
        moods: mood[] = "{happy}",
        cast: text = "happy"::mood::text,
        size: app.Size? = "small",
        label: text? generated as (case when mood = "happy" then "yes" else "no" end) stored,
        unique (mood, id),
        check CHK_list (mood in ("happy", "so so") or "sad" = any (moods::text[])),
    }
    create table referred { mood: mood primary key }
    create table referring { mood: mood? references referred, other: mood = "happy", note: text check (note <> "sad") }
    create index IDX_mood on t (mood) where mood = "happy" and id > 5;
    create index IDX_expr on t ((mood = "so so")) where "happy"::mood = any (moods);
    create unique index IDX_plain on t (mood, id);
    create index IDX_gin on t using gin (moods);
    comment on index IDX_mood is "an index";
    comment on constraint CHK_list on t is "a check";
    comment on column t.mood is "a column";
    comment on constraint referring_mood_fkey on referring is "a key";
"#;

const ROWS: &str = "
    INSERT INTO t (id, moods) VALUES (1, '{happy,\"so so\"}'), (2, '{}');
    INSERT INTO referred VALUES ('happy'), ('so so'); INSERT INTO referring VALUES ('so so', 'happy', 'x'), (NULL, 'sad', 'y');
";

/// What a rebuilt type moves, and what steps aside for it.
const USED: &str = r#"
    create schema app;
    create enum mood { happy, "so so", sad, Angry }
    create enum app.Size { small, large }
    comment on enum mood is "how it goes";
    create table t {
        id: int primary key,
        mood: mood check (mood <> "sad") = "happy",
        moods: mood[] = "{happy}",
        cast: text = "happy"::mood::text,
        size: app.Size? = "small",
        label: text? generated as (case when mood = "happy" then "yes" else "no" end) stored,
        copy: mood? generated as (mood) stored,
        is_none: bool generated as (mood is null) stored,
        key: int generated as (case when mood = "happy" then id else -id end) stored,
        unique (mood, id),
        unique UQ_key (key),
        unique UQ_including (id, size) include (label),
        check CHK_label (label <> ""),
        check CHK_list (mood in ("happy", "so so") or "happy" = any (moods)),
    }
    create table referred { mood: mood primary key }
    create table referring { mood: mood? references referred on delete cascade, other: mood = "happy", note: text check (note <> "Angry") }
    create table pointing { key: int? references t (key) on delete set null, to: int?, size: app.Size?, foreign key (to, size) references t (id, size) }
    create index IDX_mood on t (mood) where mood = "happy" and id > 5;
    create index IDX_expr on t ((mood = "so so")) where "happy"::mood = any (moods);
    create unique index IDX_plain on t (mood, id);
    create index IDX_label on t (lower(label), is_none);
    create index IDX_gin on t using gin (moods);
    comment on index IDX_mood is "an index";
    comment on constraint CHK_list on t is "a check";
    comment on constraint referring_mood_fkey on referring is "a key";
    comment on column t.label is "a label";
    comment on constraint UQ_key on t is "a generated key";
"#;

const CHANGED: &[Case] = &[
    up("create enum e { a }"),
    up("create enum app.e { a, \"b c\", D, \"it's\", \"é\" }"),
    up("drop enum unused;"),
    up("alter enum unused rename to used; drop enum used;"),
    up("alter enum mood rename to feeling;"),
    up("alter enum app.Size rename to size;"),
    up("alter enum mood rename value happy to glad;"),
    up("alter enum mood rename value \"so so\" to r#so;"),
    up(
        "alter enum mood { rename value happy to x, rename value sad to happy, rename value x to sad }",
    ),
    up("alter enum app.Size { rename value small to s, rename to Sizes }"),
    up(
        "create enum e { a, b } alter enum e { add value c, rename value a to z, drop value b } create table u { e: e = \"z\" }",
    ),
    up("create enum e { a } comment on enum e is \"x\"; alter enum e rename to f; drop enum f;"),
    up(
        "alter enum mood rename to old; create enum mood { happy } create table u { m: mood = \"happy\", o: old = \"sad\" }",
    ),
];

const REBUILT: &[Case] = &[
    up("alter enum mood add value calm;"),
    up("alter enum mood add value calm before happy;"),
    up("alter enum mood add value calm after happy;"),
    up("alter enum mood add value calm after Angry;"),
    up("alter enum app.Size add value medium before large;"),
    up("alter enum mood { add value a, add value b before a, add value c after a }"),
    up("#[lossy] alter enum mood drop value Angry;"),
    up("#[lossy] alter enum app.Size drop value large;"),
    up("#[lossy] alter enum mood drop value Angry; alter enum mood add value calm;"),
    up("alter enum mood { add value calm, rename value calm to Calm }"),
    up("alter enum mood add value calm; alter table t alter column mood set default \"calm\";"),
    up("alter enum mood add value calm; alter table t add check (mood <> \"calm\");"),
    up("alter enum mood add value calm; create index on t (id) where mood = \"calm\";"),
    up("alter enum mood add value calm; create table u { m: mood = \"calm\" }"),
    up(
        "alter enum mood add value calm; update t set mood = \"calm\" where id = 1 down \"UPDATE t SET mood = 'happy' WHERE id = 1\";",
    ),
    up("alter enum mood rename to feeling; alter enum feeling add value calm;"),
];

#[test]
fn enums_are_changed() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CHANGED });
}

#[test]
fn enums_are_rebuilt() {
    prove(&Topic { before: USED, rows: ROWS, oldest: 14, cases: REBUILT });
}
