use super::prove;
use tests::ground::{Case, Topic, up};

const BEFORE: &str = r#"
    create schema app;
    create enum mood { happy, sad }
    create table app.a { id: int primary key, code: text unique, x: int, y: int, unique (y, x), mood: mood unique }
    create table b { id: int primary key, a: int?, code: text?, x: int?, y: int?, mood: mood?, self: int? }
    create unique index IDX_x on app.a (x);
    create table fixed { id: int primary key, a: int references app.a on delete cascade deferrable, b: int references b }
    comment on constraint fixed_a_fkey on fixed is "to a";
"#;

const ROWS: &str = "
    INSERT INTO app.a VALUES (1, 'x', 1, 2, 'happy'), (2, 'y', 3, 4, 'sad');
    INSERT INTO b VALUES (1, 1, 'x', 1, 2, 'happy', 1), (2, NULL, NULL, NULL, NULL, NULL, 1);
    INSERT INTO fixed VALUES (1, 2, 2);
";

const CASES: &[Case] = &[
    up("alter table b add foreign key (a) references app.a;"),
    up("alter table b add foreign key FK (a) references app.a (id) on delete cascade;"),
    up("alter table b add foreign key (a) references app.a on delete restrict on update cascade;"),
    up(
        "alter table b add foreign key (a) references app.a on delete set null on update set default;",
    ),
    up("alter table b add foreign key (a) references app.a deferrable;"),
    up(
        "alter table b add foreign key (a) references app.a on update restrict deferrable initially deferred;",
    ),
    up("alter table b add foreign key (a) references app.a not valid;"),
    up("alter table b add foreign key (a) references app.a concurrently;"),
    up("alter table b add foreign key FK (a) references app.a deferrable concurrently;"),
    up("alter table b add foreign key (code) references app.a (code);"),
    up("alter table b add foreign key (x, y) references app.a (x, y);"),
    up("alter table b add foreign key (y, x) references app.a (y, x) on delete set null;"),
    up("alter table b add foreign key (x) references app.a (x);"),
    up("alter table b add foreign key (mood) references app.a (mood);"),
    up("alter table b add foreign key (self) references b on delete cascade;"),
    up(
        "alter table b { add foreign key (a) references app.a, add foreign key (a) references b, add foreign key (x) references b }",
    ),
    up(
        "alter table b add foreign key (a) references app.a not valid; alter table b validate constraint b_a_fkey;",
    ),
    up("alter table fixed drop constraint fixed_a_fkey;"),
    up(
        "alter table fixed drop constraint fixed_b_fkey; alter table b drop constraint b_pkey; alter table b add primary key (id); alter table fixed add foreign key fixed_b_fkey (b) references b;",
    ),
    up("alter table app.a rename to z; alter table b add foreign key (a) references app.z;"),
    up(
        "alter table app.a rename column id to key; alter table b add foreign key (a) references app.a (key);",
    ),
    up(
        "create table c { id: int primary key, b: int references b } alter table b add foreign key (self) references c (id) not valid;",
    ),
    up(
        "create table c { id: int primary key, d: int? } create table d { id: int primary key, c: int references c } alter table c add foreign key (d) references d;",
    ),
    up("#[lossy] drop table fixed; alter table b add unique (self, a);").losing(&["fixed"]),
    up(
        "alter table fixed drop constraint fixed_a_fkey; alter table app.a { drop constraint a_pkey, add primary key (id) } alter table fixed add foreign key (a) references app.a;",
    ),
    up("alter table b add column other: int? references app.a (x) on delete set null;"),
];

#[test]
fn foreign_keys_are_added_and_dropped() {
    prove(&Topic { before: BEFORE, rows: ROWS, oldest: 14, cases: CASES });
}
