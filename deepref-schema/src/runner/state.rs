//! What the database says: one message, whether or not there is a ledger.

use deepref_schema_core::ident::literal;

use super::connection::{Reply, SESSION};
use super::names::Names;
use crate::{Error, Migration};

/// The facts that every command begins with.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) server_version: u32,
    pub(super) in_recovery: bool,
    pub(super) read_only: bool,
    pub(super) backend: i32,
    pub(super) user: String,
    pub(super) ledger: Option<LedgerTable>,
    pub(super) schema_exists: bool,
    pub(super) may_create: bool,
    /// The columns of the table of steps in progress, where it exists.
    pub(super) progress_columns: Vec<(String, String)>,
    /// A table or type that belongs to nobody we know, where there is no
    /// ledger.
    pub(super) stranger: Option<String>,
    /// The names of settings that the session should have and has not.
    pub(super) lost_settings: Option<String>,
    pub(super) applied: Vec<AppliedRow>,
    pub(super) progress: Vec<ProgressRow>,
    /// What stands in `applied` for all migrations that it replaces, and is
    /// not recorded itself: see [`State::seen_by`].
    pub(super) squashed: Vec<&'static Migration>,
}

/// The ledger as it was found.
#[derive(Debug, Clone)]
pub(super) struct LedgerTable {
    pub(super) kind: String,
    pub(super) columns: Vec<(String, String)>,
    pub(super) has_unique_index: bool,
    pub(super) missing_privilege: Option<String>,
    pub(super) may_alter: bool,
    pub(super) comment: String,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AppliedRow {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) checksum: Option<[u8; 32]>,
    pub(super) applied_at: Option<String>,
    pub(super) applied_by: Option<String>,
    pub(super) duration_ms: Option<u64>,
    /// The extensions that it asked for and that were there before.
    pub(super) found_extensions: Vec<String>,
}

/// A migration that was begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProgressRow {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) up: bool,
    pub(super) step: usize,
    /// Whether the statement of the step was sent, outside of a transaction.
    pub(super) running: bool,
    pub(super) checksum: Option<[u8; 32]>,
    /// How far a batched update came: the text of each column of the key.
    pub(super) cursor: Option<Vec<String>>,
    /// As in the ledger.
    pub(super) found_extensions: Vec<String>,
}

/// How many statements [`query`] has.
pub(super) const STATEMENTS: usize = 4;

/// The statements that read the state. The ledger may not exist, so its rows
/// are read by dynamic SQL into a setting that ends with this message.
pub(super) fn query(names: &Names) -> [String; STATEMENTS] {
    [read_tables(names), facts(names), applied_rows(), progress_rows()]
}

fn read_tables(names: &Names) -> String {
    let read = |setting: &str, table_literal: &str, table: &str| {
        let rows = literal(&format!(
            "SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t) - 'down_plan') FROM {table} AS t"
        ));
        format!(
            "IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass({table_literal}) AND relkind IN ('r', 'p') \
             AND pg_catalog.has_table_privilege(oid, 'SELECT')) \
             THEN EXECUTE {rows} INTO found; ELSE found := NULL; END IF; \
             PERFORM pg_catalog.set_config('deepref_schema.{setting}', coalesce(found, '[]'), true);"
        )
    };
    format!(
        "DO {}",
        literal(&format!(
            "DECLARE found text; BEGIN {} {} END",
            read("ledger", &names.ledger_literal(), &names.ledger()),
            read("progress", &names.progress_literal(), &names.progress())
        ))
    )
}

fn facts(names: &Names) -> String {
    let (ledger, progress, schema) =
        (names.ledger_literal(), names.progress_literal(), literal(&names.schema));
    format!(
        "SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(), \
         pg_catalog.current_setting('transaction_read_only'), pg_catalog.pg_backend_pid(), current_user, \
         n.oid IS NOT NULL, \
         CASE WHEN n.oid IS NULL THEN pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') \
           ELSE pg_catalog.has_schema_privilege(n.oid, 'CREATE') END, \
         (SELECT pg_catalog.string_agg(a.attname || E'\\t' || pg_catalog.format_type(a.atttypid, -1), E'\\n') FROM pg_catalog.pg_attribute AS a \
           WHERE a.attrelid = pg_catalog.to_regclass({progress}) AND a.attnum > 0 AND NOT a.attisdropped), \
         c.relkind, \
         (SELECT pg_catalog.string_agg(a.attname || E'\\t' || pg_catalog.format_type(a.atttypid, -1), E'\\n') FROM pg_catalog.pg_attribute AS a \
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), \
         EXISTS (SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
           WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'timestamp'), \
         (SELECT pg_catalog.string_agg(p, ', ') FROM pg_catalog.unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p \
           WHERE NOT pg_catalog.has_table_privilege(c.oid, p)), \
         pg_catalog.pg_has_role(c.relowner, 'USAGE'), \
         pg_catalog.obj_description(c.oid, 'pg_class'), \
         CASE WHEN c.oid IS NULL THEN ({stranger}) END, \
         ({lost}) \
         FROM (SELECT) AS one \
         LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = {schema} \
         LEFT JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass({ledger})",
        stranger = stranger(names),
        lost = lost_settings()
    )
}

/// The settings of the session that the server did not get.
fn lost_settings() -> String {
    let wanted = SESSION.map(|(name, value)| format!("({}, {})", literal(name), literal(value)));
    format!(
        "SELECT pg_catalog.string_agg(s.name, ', ') FROM (VALUES {}) AS s (name, wanted) \
         WHERE pg_catalog.replace(pg_catalog.split_part(pg_catalog.current_setting(s.name), ',', 1), 'Etc/', '') <> s.wanted",
        wanted.join(", ")
    )
}

/// An object of somebody else: a relation or enum outside of the system's
/// schemas that belongs to no extension; for one of many, in its schema. A database that holds the ledger of
/// another history of ours is shared on purpose.
fn stranger(names: &Names) -> String {
    let (here, beside) = if names.is_tenant {
        let schema = literal(&names.schema);
        (
            format!("AND s.nspname = {schema} "),
            "AND EXISTS (SELECT FROM pg_catalog.pg_class AS x WHERE x.oid = d.objoid AND x.relnamespace = s.oid)",
        )
    } else {
        (String::new(), "")
    };
    let ours = literal(&format!("{LEDGER_COMMENT}%"));
    format!(
        "SELECT s.nspname || '.' || r.relname FROM pg_catalog.pg_class AS r JOIN pg_catalog.pg_namespace AS s ON s.oid = r.relnamespace \
         WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f') {here}AND s.nspname <> 'information_schema' AND s.nspname !~ '^pg_' \
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype = 'e') \
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_description AS d WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.description LIKE {ours} {beside}) \
         ORDER BY 1 LIMIT 1"
    )
}

/// How the comment of every ledger begins.
pub(super) const LEDGER_COMMENT: &str = "ledger of deepref-schema";

fn applied_rows() -> String {
    format!(
        "SELECT r->>'timestamp', r->>'name', r->>'checksum', r->>'applied_at', r->>'applied_by', r->>'duration_ms', {} \
         FROM pg_catalog.jsonb_array_elements(pg_catalog.current_setting('deepref_schema.ledger')::pg_catalog.jsonb) AS r",
        texts_of("found_extensions")
    )
}

fn progress_rows() -> String {
    format!(
        "SELECT r->>'version', r->>'name', r->>'direction', r->>'step', r->>'state', r->>'checksum', {}, {} \
         FROM pg_catalog.jsonb_array_elements(pg_catalog.current_setting('deepref_schema.progress')::pg_catalog.jsonb) AS r",
        texts_of("cursor"),
        texts_of("found_extensions")
    )
}

/// The elements of an array in a row, in hexadecimal, so that nothing in them
/// is taken for the end of one.
fn texts_of(column: &str) -> String {
    format!(
        "(SELECT pg_catalog.string_agg(pg_catalog.encode(pg_catalog.convert_to(e, 'UTF8'), 'hex'), ',' ORDER BY n) \
           FROM pg_catalog.jsonb_array_elements_text(CASE WHEN pg_catalog.jsonb_typeof(r->'{column}') = 'array' THEN r->'{column}' END) WITH ORDINALITY AS x (e, n))"
    )
}

impl State {
    /// Reads the state from a reply in which [`query`] began at the statement
    /// with the number `first`.
    pub(super) fn of(reply: &Reply, first: usize, names: &Names) -> Result<State, Error> {
        let facts = reply
            .rows(first + 1)
            .first()
            .ok_or_else(|| corrupt(names, "the server gave no state"))?;
        let text = |index: usize| facts.get(index).cloned().flatten().unwrap_or_default();
        let flag = |index: usize| text(index) == "t";
        let ledger = (!text(8).is_empty()).then(|| LedgerTable {
            kind: text(8),
            columns: columns(&text(9)),
            has_unique_index: flag(10),
            missing_privilege: facts.get(11).cloned().flatten(),
            may_alter: flag(12),
            comment: text(13),
        });
        Ok(State {
            server_version: text(0).parse().unwrap_or(0),
            in_recovery: flag(1),
            read_only: text(2) == "on",
            backend: text(3).parse().unwrap_or(0),
            user: text(4),
            schema_exists: flag(5),
            may_create: flag(6),
            progress_columns: columns(&text(7)),
            ledger,
            stranger: facts.get(14).cloned().flatten(),
            lost_settings: facts.get(15).cloned().flatten(),
            applied: applied(reply.rows(first + 2), names)?,
            progress: progress(reply.rows(first + 3), names)?,
            squashed: Vec::new(),
        })
    }

    /// Whether the table of steps in progress exists.
    pub(super) fn progress_exists(&self) -> bool {
        !self.progress_columns.is_empty()
    }

    /// The row of a version.
    pub(super) fn row(&self, version: i64) -> Option<&AppliedRow> {
        self.applied.iter().find(|row| row.version == version)
    }
}

fn columns(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, ty)| (name.to_string(), ty.to_string()))
        .collect()
}

type Rows = [Vec<Option<String>>];

fn applied(rows: &Rows, names: &Names) -> Result<Vec<AppliedRow>, Error> {
    let mut applied = Vec::with_capacity(rows.len());
    for row in rows {
        let text = |index: usize| row.get(index).and_then(Option::as_deref);
        let version = text(0).unwrap_or("null");
        let number = version.parse::<i64>().ok().filter(|number| *number >= 0);
        let number = number
            .ok_or_else(|| corrupt(names, &format!("a row with the `timestamp` {version}")))?;
        applied.push(AppliedRow {
            version: number,
            name: text(1)
                .ok_or_else(|| corrupt(names, &format!("a row without `name`, for {version}")))?
                .to_string(),
            checksum: checksum(text(2))
                .map_err(|()| corrupt(names, &format!("a damaged `checksum`, for {version}")))?,
            applied_at: text(3).map(str::to_string),
            applied_by: text(4).map(str::to_string),
            duration_ms: text(5).and_then(|text| text.parse().ok()),
            found_extensions: text(6).and_then(texts).unwrap_or_default(),
        });
    }
    applied.sort_by_key(|row| row.version);
    if let Some(pair) = applied.windows(2).find(|pair| pair[0].version == pair[1].version) {
        return Err(corrupt(names, &format!("two rows for {}", pair[0].version)));
    }
    Ok(applied)
}

fn progress(rows: &Rows, names: &Names) -> Result<Vec<ProgressRow>, Error> {
    let damaged = || {
        Error::ledger(
            format!("{} holds a damaged row", names.progress()),
            "nothing was run; restore the row, or delete it once the database is known to be right",
        )
    };
    let mut progress = Vec::with_capacity(rows.len());
    for row in rows {
        let text = |index: usize| row.get(index).and_then(Option::as_deref);
        progress.push(ProgressRow {
            version: text(0).and_then(|text| text.parse().ok()).ok_or_else(damaged)?,
            name: text(1).unwrap_or_default().to_string(),
            up: text(2) != Some("down"),
            step: text(3).and_then(|text| text.parse().ok()).ok_or_else(damaged)?,
            running: text(4) == Some("running"),
            checksum: checksum(text(5)).map_err(|()| damaged())?,
            cursor: text(6).and_then(texts),
            found_extensions: text(7).and_then(texts).unwrap_or_default(),
        });
    }
    progress.sort_by_key(|row| row.version);
    Ok(progress)
}

fn texts(list: &str) -> Option<Vec<String>> {
    list.split(',').map(decode_hex).collect()
}

fn decode_hex(text: &str) -> Option<String> {
    let bytes =
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

/// `\x` and 64 digits, or nothing.
fn checksum(text: Option<&str>) -> Result<Option<[u8; 32]>, ()> {
    let Some(text) = text else { return Ok(None) };
    let digits = text
        .strip_prefix("\\x")
        .filter(|digits| digits.len() == 64 && digits.is_ascii())
        .ok_or(())?;
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[index * 2..index * 2 + 2], 16).map_err(|_| ())?;
    }
    Ok(Some(bytes))
}

fn corrupt(names: &Names, what: &str) -> Error {
    Error::ledger(
        format!("the ledger {} is damaged: {what}", names.ledger()),
        "nothing was run; compare it with a backup and repair the row",
    )
}
