//! `adopt` of a database with much that the model does not have.

use std::fs;

use tests::catalog::{assert_same, snapshot};
use tests::database::{TestDatabase, fresh};
use tests::project::{Project, assert_contains};
use tests::server;

/// Each kind of object that is written as SQL, in an order that is not that of their names.
const OBJECTS: &str = r#"
    CREATE SCHEMA app;
    CREATE EXTENSION tablefunc;
    CREATE TYPE app.mood AS ENUM ('happy', 'sad');
    CREATE DOMAIN app.grade AS int DEFAULT 1 NOT NULL CONSTRAINT positive CHECK (VALUE > 0);
    CREATE DOMAIN code AS varchar(8) COLLATE "C" CHECK (VALUE IN ('a', 'b'));
    CREATE TYPE address AS (street text COLLATE "C", number app.grade);
    CREATE COLLATION app.plain (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
    CREATE COLLATION words (LOCALE = 'C');
    CREATE TEXT SEARCH DICTIONARY app.stems (TEMPLATE = snowball, Language = english, StopWords = 'english');
    CREATE TEXT SEARCH DICTIONARY "The simple" (TEMPLATE = simple, Accept = false);
    CREATE TEXT SEARCH CONFIGURATION search (COPY = english);
    ALTER TEXT SEARCH CONFIGURATION search ALTER MAPPING FOR asciiword, word WITH "The simple", app.stems;
    ALTER TEXT SEARCH CONFIGURATION search DROP MAPPING FOR url;
    CREATE TEXT SEARCH CONFIGURATION "Nothing" (PARSER = pg_catalog."default");
    CREATE FUNCTION app.span_length(numeric, numeric) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT ($1 - $2)::float8';
    CREATE TYPE app.span AS RANGE (SUBTYPE = numeric, SUBTYPE_DIFF = app.span_length, MULTIRANGE_TYPE_NAME = app.spans);
    CREATE TABLE people (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        grade app.grade DEFAULT 3 CHECK (grade > 1 AND grade::int < 9),
        codes code[],
        home address NOT NULL,
        spans app.spans,
        mood app.mood DEFAULT 'happy',
        kind varchar(20) DEFAULT 'a',
        boss bigint REFERENCES people);
    CREATE UNIQUE INDEX one_home ON people (home);
    CREATE INDEX by_span ON people USING gist (spans);
    CREATE FUNCTION app.place(people) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.grade::int * 2';
    CREATE TABLE logs (id int PRIMARY KEY, person bigint, at timestamptz) WITH (fillfactor = 70, autovacuum_enabled = false);
    ALTER TABLE logs ALTER person SET STATISTICS 300, ALTER at SET STORAGE PLAIN;
    ALTER TABLE logs ADD CONSTRAINT whole FOREIGN KEY (person) REFERENCES people MATCH FULL;
    ALTER TABLE logs ADD CONSTRAINT mine CHECK (id > 0) NO INHERIT;
    ALTER DOMAIN app.grade ADD CONSTRAINT small CHECK (VALUE < 1000) NOT VALID;
    CREATE TABLE words (id int PRIMARY KEY, text text COLLATE app.plain,
        words tsvector GENERATED ALWAYS AS (to_tsvector('search', text)) STORED, boss bigint REFERENCES people) WITH (toast.autovacuum_enabled = off);
    CREATE INDEX by_words ON words USING gist (words tsvector_ops (siglen = 100));
    CREATE INDEX by_lower ON words (lower(text));
    CREATE FUNCTION app.z_plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
    CREATE FUNCTION app.a_plain(text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$ SELECT to_tsvector('public."Nothing"', app.z_plain($1)) $$;
    CREATE INDEX by_plain ON words USING gin (app.a_plain(text));
    ALTER INDEX by_lower ALTER COLUMN 1 SET STATISTICS 500;
    ALTER TABLE words CLUSTER ON words_pkey;
    ALTER TABLE words ALTER text SET (n_distinct = 5), ALTER text SET COMPRESSION pglz;
    CREATE INDEX by_text ON words (text COLLATE words);
    CREATE TABLE sorted (id int PRIMARY KEY, text text COLLATE words UNIQUE);
    CREATE UNIQUE INDEX by_boss ON words (boss);
    ALTER TABLE words ALTER boss SET NOT NULL;
    ALTER TABLE words REPLICA IDENTITY USING INDEX by_boss;
    CREATE VIEW z_base AS SELECT id, kind, (home).street, app.place(people) AS place FROM people WHERE kind IN ('a', 'b');
    CREATE VIEW a_top WITH (security_barrier = true) AS SELECT * FROM z_base WHERE place > 1 WITH CASCADED CHECK OPTION;
    CREATE RECURSIVE VIEW bosses (id, boss) AS SELECT id, boss FROM people UNION SELECT b.id, p.boss FROM bosses b JOIN people p ON p.id = b.boss;
    CREATE MATERIALIZED VIEW counts AS SELECT kind, count(*) AS n FROM a_top GROUP BY kind;
    CREATE UNIQUE INDEX counts_kind ON counts (kind);
    CREATE MATERIALIZED VIEW unseen AS SELECT 1 AS one WITH NO DATA;
    CREATE FUNCTION late() RETURNS SETOF a_top LANGUAGE sql STABLE AS $$ SELECT * FROM a_top $$;
    CREATE FUNCTION blind() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM a_top';
    CREATE FUNCTION early(n int DEFAULT 1) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $body$
BEGIN
	-- "quoted", \ and 'it''s'; -- not the end
	RETURN (SELECT count(*) FROM late()) + n;
END;
$body$;
    CREATE PROCEDURE app.tick() LANGUAGE plpgsql AS $$ BEGIN PERFORM early(); COMMIT; END $$;
    CREATE FUNCTION app.add(int, int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT $1 + $2; END;
    CREATE AGGREGATE app.total(int) (SFUNC = app.add, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
    CREATE FUNCTION app.near(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 2';
    CREATE FUNCTION app.far(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) >= 2';
    CREATE OPERATOR app.=~= (LEFTARG = int, RIGHTARG = int, FUNCTION = app.near, COMMUTATOR = OPERATOR(app.=~=),
        NEGATOR = OPERATOR(app.<~>), RESTRICT = eqsel, JOIN = eqjoinsel);
    CREATE OPERATOR app.<~> (LEFTARG = int, RIGHTARG = int, FUNCTION = app.far, COMMUTATOR = OPERATOR(app.<~>), NEGATOR = OPERATOR(app.=~=));
    CREATE FUNCTION app.down(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 - 1';
    CREATE OPERATOR !! (RIGHTARG = int, FUNCTION = app.down);
    CREATE FUNCTION app.mood_of(int) RETURNS app.mood LANGUAGE sql IMMUTABLE AS 'SELECT ''happy''::app.mood';
    CREATE CAST (int AS app.mood) WITH FUNCTION app.mood_of(int) AS ASSIGNMENT;
    CREATE CAST (text AS app.mood) WITH INOUT;
    CREATE VIEW operated AS SELECT !! id AS below, id::app.mood AS mood FROM logs WHERE id OPERATOR(app.=~=) 5;
    CREATE VIEW totals AS SELECT app.total(grade::int) FROM people;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER touched BEFORE UPDATE OF kind ON people FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION touch();
    CREATE TRIGGER silent AFTER INSERT ON people REFERENCING NEW TABLE AS new FOR EACH STATEMENT EXECUTE FUNCTION touch();
    ALTER TABLE people DISABLE TRIGGER silent;
    CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON logs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE TRIGGER through INSTEAD OF INSERT ON z_base FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE RULE quiet AS ON DELETE TO logs WHERE OLD.id = 1 DO INSTEAD NOTHING;
    ALTER TABLE logs DISABLE RULE quiet;
    ALTER VIEW z_base ALTER COLUMN kind SET DEFAULT 'b';
    ALTER TABLE people ENABLE ROW LEVEL SECURITY;
    ALTER TABLE people FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON people AS RESTRICTIVE FOR UPDATE TO postgres USING (id > 0) WITH CHECK (kind = 'a');
    CREATE POLICY "all" ON people USING (true);
    CREATE STATISTICS app.together (dependencies) ON kind, boss FROM people;
    ALTER STATISTICS app.together SET STATISTICS 50;
    CREATE TABLE parts (id int GENERATED BY DEFAULT AS IDENTITY (START 7), at date NOT NULL, grade app.grade, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE INDEX parts_grade ON parts (grade);
    CREATE TABLE parts_old PARTITION OF parts FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
    CREATE TABLE parts_new PARTITION OF parts (CHECK (grade < 9)) FOR VALUES FROM ('2020-01-01') TO (MAXVALUE) PARTITION BY RANGE (at);
    CREATE TABLE parts_rest PARTITION OF parts_new DEFAULT;
    CREATE INDEX of_one ON parts_old (at DESC);
    CREATE TRIGGER counted AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touch();
    ALTER TABLE parts ADD CONSTRAINT parts_person FOREIGN KEY (id) REFERENCES people;
    CREATE TABLE of_parts (id int PRIMARY KEY, part int, at date, FOREIGN KEY (part, at) REFERENCES parts (id, at));
    CREATE TABLE logs_child (extra serial, more text DEFAULT 'x' CHECK (more <> '')) INHERITS (logs);
    CREATE TABLE moved (year bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME moved_id_seq),
        id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME moved_id_seq1));
    CREATE TABLE swapped (a int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME swapped_b_seq),
        b int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME swapped_a_seq));
    CREATE TABLE circled (a int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME circled_the_column_with_a_name_of_63_bytes_that_is_this_one_seq),
        the_column_with_a_name_of_63_bytes_that_is_this_one_seq_and_mor int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME circled_a_seq));
    CREATE UNLOGGED TABLE quick (id int PRIMARY KEY);
    CREATE UNLOGGED TABLE quick_user (id int REFERENCES quick);
    ALTER TABLE quick_user REPLICA IDENTITY FULL;
    COMMENT ON VIEW a_top IS 'it''s the top';
    COMMENT ON COLUMN a_top.place IS 'how high';
    COMMENT ON FUNCTION app.place(people) IS 'twice';
    COMMENT ON TRIGGER touched ON people IS 'when it was';
    COMMENT ON POLICY own ON people IS 'mine';
    COMMENT ON DOMAIN app.grade IS 'a grade';
    COMMENT ON CONSTRAINT positive ON DOMAIN app.grade IS 'above nothing';
    COMMENT ON TYPE address IS 'where';
    COMMENT ON COLUMN address.street IS 'which';
    COMMENT ON MATERIALIZED VIEW counts IS 'how many';
    COMMENT ON AGGREGATE app.total(int) IS 'all';
    COMMENT ON SCHEMA app IS 'the application';
    COMMENT ON SCHEMA public IS 'the rest';
    COMMENT ON STATISTICS app.together IS 'both';
    COMMENT ON TABLE parts IS 'in parts';
    COMMENT ON COLUMN parts.at IS 'when';
    INSERT INTO people (grade, home) VALUES (2, ('x', 1));
"#;

fn database(server: &'static server::TestServer, sql: &str) -> TestDatabase {
    let database = fresh(server);
    database.client().batch_execute(sql).unwrap();
    database
}

/// The catalog without the ledger, and without what PostgreSQL writes otherwise once it has read it
/// again: the check of the domain, and the views on a condition with `IN`.
fn catalog(database: &TestDatabase) -> Vec<String> {
    let lines = snapshot(&mut database.client()).into_iter();
    let others = ["migrations", "public.code.code_check", "public.z_base\t"];
    lines.filter(|line| !others.iter().any(|other| line.contains(other))).collect()
}

#[test]
fn everything_that_sql_can_make_is_written() {
    for server in server::all() {
        let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
        let live = database(server, OBJECTS);
        let before = catalog(&live);
        let text = project.run(&live, &["adopt"], 0);
        assert!(!text.contains("missing"), "{text}");
        assert_contains(&project.run(&live, &["show", "--check"], 0), &["[X] ", "Baseline"]);
        for command in [&["verify"][..], &["verify", "--live"]] {
            let text = project.run(&live, command, 0);
            assert!(!text.contains("not compared"), "{text}");
        }
        let other = fresh(server);
        let empty = catalog(&other);
        let schema = project.run(&live, &["sql", "--schema"], 0);
        assert!(!schema.contains("Not in here"), "{schema}");
        let restored = fresh(server);
        restored.client().batch_execute(&schema).unwrap();
        assert_same(&before, &catalog(&restored));
        project.run(&other, &["run"], 0);
        assert_same(&before, &catalog(&other));
        project.run(&other, &["revert", "--yes"], 0);
        assert_same(&empty, &catalog(&other));
    }
}

/// What newer versions have.
#[test]
fn what_came_with_newer_versions_is_written() {
    for (major, sql) in [
        (15, "CREATE TABLE a (id int, x int, PRIMARY KEY (id, x));
              CREATE TABLE b (id int PRIMARY KEY, y int, x int, FOREIGN KEY (y, x) REFERENCES a ON DELETE SET NULL (y));
              CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM a"),
        (17, "CREATE COLLATION built (PROVIDER = builtin, LOCALE = 'C.UTF-8')"),
        (17, "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, at date) PARTITION BY RANGE (at);
              CREATE TABLE p1 PARTITION OF p DEFAULT"),
        (18, "CREATE TABLE a (id int PRIMARY KEY, CONSTRAINT big CHECK (id > 5) NOT ENFORCED);
              CREATE TABLE b (id int PRIMARY KEY, \"Half\" numeric(8, 1) GENERATED ALWAYS AS (id / 2.0) VIRTUAL NOT NULL,
                  \"Third\" numeric GENERATED ALWAYS AS (id / 3.0) VIRTUAL, CONSTRAINT small CHECK (\"Half\" < 100),
                  CONSTRAINT lower CHECK (\"Third\" < \"Half\") NO INHERIT, CONSTRAINT other CHECK (\"Third\" < 9) NOT VALID);
              COMMENT ON COLUMN b.\"Half\" IS 'it''s half'; COMMENT ON CONSTRAINT small ON b IS 'not much';
              CREATE VIEW v AS SELECT \"Half\" FROM b"),
    ] {
        let Some(server) = server::of_major(major) else { continue };
        let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
        let live = database(server, sql);
        let before = catalog(&live);
        let text = project.run(&live, &["adopt"], 0);
        assert!(!text.contains("missing"), "{text}");
        project.run(&live, &["verify", "--live"], 0);
        project.run(&live, &["verify"], 0);
        let other = fresh(server);
        project.run(&other, &["run"], 0);
        assert_same(&before, &catalog(&other));
    }
}

#[test]
fn what_can_not_be_written_is_said_to_be_missing() {
    let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    let live = database(
        server::newest(),
        "CREATE TABLE t (id int PRIMARY KEY);
        CREATE FUNCTION first(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1';
        CREATE AGGREGATE moving(int) (SFUNC = first, STYPE = int, MSFUNC = first, MINVFUNC = first, MSTYPE = int);
        CREATE VIEW v AS SELECT moving(id) AS one FROM t;
        CREATE VIEW w AS SELECT * FROM v;
        CREATE VIEW x AS SELECT id FROM t;
        CREATE FUNCTION now_and_then() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE MATERIALIZED VIEW m AS SELECT now_and_then() AS one;
        CREATE OR REPLACE FUNCTION now_and_then() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'no more'; END $$;
        GRANT SELECT ON t TO PUBLIC;",
    );
    let text = project.run(&live, &["adopt"], 0);
    let missing = "\
missing in the migration, because it can not be written:
  aggregate `moving(integer)`
  materialized view `m`: no more
  privileges `table t`
  view `v`: it needs function moving(integer)
  view `w`: it needs view v
proved:";
    assert_contains(&text, &[missing]);
    let written = fs::read_dir(project.path().join("src/history")).unwrap().next().unwrap();
    let written = fs::read_to_string(written.unwrap().path()).unwrap();
    assert_contains(&written, &["CREATE VIEW x AS", "CREATE FUNCTION public.first"]);
    assert_contains(&project.run(&live, &["verify", "--live"], 0), &["view `v`", "view `w`"]);
}

#[test]
fn a_table_that_needs_what_can_not_be_written_is_refused_before_anything_is_written() {
    let project = Project::new(env!("CARGO_BIN_EXE_interpreted-migrations"));
    let live = database(
        server::newest(),
        "CREATE TYPE shape;
        CREATE FUNCTION shape_in(cstring) RETURNS shape LANGUAGE internal STRICT IMMUTABLE AS 'textin';
        CREATE FUNCTION shape_out(shape) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
        CREATE TYPE shape (INPUT = shape_in, OUTPUT = shape_out, LIKE = text);
        CREATE TABLE t (id shape);",
    );
    let text = project.run(&live, &["adopt"], 1);
    assert_contains(&text, &["can not be made again", "type \"shape\" does not exist"]);
    assert_eq!(fs::read_dir(project.path().join("src/history")).unwrap().count(), 0);
}
