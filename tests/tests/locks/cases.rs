//! What is there, and what is done to it.

/// The statements before, in the language.
pub(crate) const BEFORE: &str = r#"
    create extension btree_gist;
    create enum mood { happy, sad }
    create sequence loose;
    create table owners { id: int primary key, code: varchar(10) unique }
    create table things {
        id: int primary key,
        owner: int? references owners,
        code: varchar(10)?,
        name: text?,
        small: varchar(5)?,
        price: numeric(10, 2) = 1.5,
        at: timestamp(3)?,
        mood: mood? = "happy",
        no: int,
        count: int,
        needed: int?,
        proved: int?,
        during: tstzrange?,
        net: cidr?,
        fixed: char(4)?,
        list: varchar(3)[]?,
        bits: varbit(4)?,

        check CHK_proved (proved is not null),
        check CHK_price (price > 0),
        unique UQ_no (no),
        foreign key FK_code (code) references owners (code),
    }
    alter table things add check CHK_late (no > 0) not valid;
    alter table things add foreign key FK_late (needed) references owners not valid;
    create index IDX_name on things (name);
    create index IDX_net on things (net);
    create unique index IDX_needed on things (needed);
    create unique index IDX_id on things (id);
    create index IDX_mood on things (id) where mood = "sad";
    create table free { id: int, key: int? }
    create unique index IDX_free on free (id);
    create unique index IDX_key on free (key);
    create table trees { id: int primary key, parent: int? references trees }
"#;

/// Rows for them.
pub(crate) const ROWS: &str = "
    INSERT INTO owners SELECT n, 'c' || n FROM generate_series(1, 20) n;
    INSERT INTO things (id, owner, code, name, no, count, needed, proved)
        SELECT n, n, 'c' || n, 'x', n, n, n, n FROM generate_series(1, 20) n;
    INSERT INTO free SELECT n, n FROM generate_series(1, 20) n;
    INSERT INTO trees VALUES (1, NULL), (2, 1);
";

/// What is tried. `#[lossy]` stands for an `allow` of `data_loss`.
pub(crate) const CASES: &[&str] = &[
    // tables
    "create table x { id: int primary key, owner: int references owners } create index on x (owner);",
    "create table x { id: int primary key } alter table x add column y: uuid = gen_random_uuid(); update x set id = 1 down none; comment on table x is \"x\";",
    "#[lossy] drop table things;",
    "#[lossy] drop table trees;",
    "alter table things rename to x; alter table x add column y: int?;",
    "comment on table things is \"x\";",
    // columns
    "alter table things add column x: int?;",
    "alter table things add column x: int = 5;",
    "alter table things add column x: timestamptz = now();",
    "alter table things add column x: text = coalesce(lower(\"A\"), \"b\");",
    "alter table things add column x: uuid = gen_random_uuid();",
    "alter table things add column x: mood = \"sad\";",
    "alter table things add column x: serial;",
    "alter table things add column x: bigint identity;",
    "alter table things add column x: numeric generated as (price * 2) stored;",
    "alter table things add column x: int? references owners;",
    "alter table things add column x: int? unique;",
    "#[lossy] alter table things drop column name;",
    "#[lossy] alter table things drop column owner;",
    "#[lossy] alter table things drop column code;",
    "alter table things rename column name to x;",
    "alter table owners rename column id to x;",
    "comment on column things.name is \"x\";",
    "alter table things alter column name set default \"x\";",
    "alter table things alter column price drop default;",
    "alter table things alter column needed set not null;",
    "alter table things alter column proved set not null;",
    "alter table things alter column needed set not null concurrently;",
    "alter table things alter column no drop not null;",
    "alter table things alter column count add identity;",
    "alter table things alter column count add identity; alter table things alter column count drop identity;",
    // types
    "alter table things alter column small type varchar(9);",
    "alter table things alter column small type varchar;",
    "alter table things alter column small type text;",
    "alter table things alter column small type varchar(3);",
    "alter table things alter column name type varchar;",
    "alter table things alter column name type varchar(90);",
    "alter table things alter column name type text collate C;",
    "#[lossy] alter table things alter column name type text using lower(name) revert using name;",
    "alter table things alter column small type text using small::text;",
    "alter table things alter column price type numeric(12, 2);",
    "alter table things alter column price type numeric;",
    "alter table things alter column price type numeric(12, 3);",
    "alter table things alter column at type timestamp(5);",
    "alter table things alter column at type timestamp(6);",
    "alter table things alter column at type timestamp;",
    "alter table things alter column at type timestamptz(3);",
    "alter table things alter column net type inet;",
    "alter table things alter column fixed type char(9);",
    "alter table things alter column fixed type text;",
    "alter table things alter column list type varchar[];",
    "alter table things alter column list type varchar(9)[];",
    "alter table things alter column list type text[];",
    "alter table things alter column bits type varbit(9);",
    "alter table things alter column no type bigint;",
    "alter table things alter column code type varchar(20);",
    "alter table owners alter column code type varchar(20);",
    // constraints
    "alter table free add primary key (id);",
    "alter table free add primary key using index IDX_free;",
    "alter table free add primary key using index IDX_key;",
    "alter table free add unique (id);",
    "alter table free add unique using index IDX_free;",
    "alter table things add check (no > 0);",
    "alter table things add check (no > 0) not valid;",
    "alter table things add check (no > 0) concurrently;",
    "alter table things add exclude using gist (no with =, during with &&);",
    "alter table free add foreign key (id) references owners;",
    "alter table free add foreign key (id) references owners not valid;",
    "alter table free add foreign key (id) references owners concurrently;",
    "alter table trees add foreign key (id) references trees;",
    "alter table things validate constraint CHK_late;",
    "alter table things validate constraint FK_late;",
    "alter table things drop constraint CHK_price;",
    "alter table things drop constraint UQ_no;",
    "alter table things drop constraint FK_code;",
    "alter table trees drop constraint trees_parent_fkey;",
    "alter table things rename constraint CHK_price to x;",
    "alter table things rename constraint UQ_no to x;",
    "comment on constraint UQ_no on things is \"x\";",
    // indexes
    "create index on things (small);",
    "create unique index on things (no, id);",
    "drop index IDX_name;",
    "alter index IDX_name rename to x;",
    "reindex index IDX_name;",
    "reindex index UQ_no;",
    "reindex table things;",
    "reindex table free;",
    "comment on index IDX_name is \"x\";",
    // enums and sequences
    "create enum x { a } comment on enum mood is \"x\";",
    "alter enum mood add value cross;",
    "alter enum mood rename to x;",
    "alter enum mood rename value sad to blue;",
    "alter enum mood add value cross; #[lossy] alter enum mood drop value cross;",
    "alter sequence loose increment 2;",
    "alter sequence loose owned by free.id;",
    "alter sequence loose rename to x;",
    "#[lossy] drop sequence loose;",
    "create sequence x owned by free.id;",
    // rows
    "update things set name = \"y\" down none;",
    "update things set name = \"y\" in batches of 10 down none;",
    "create schema x;",
];
