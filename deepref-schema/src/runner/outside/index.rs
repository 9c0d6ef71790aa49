//! Indexes as the catalog has them.

use deepref_schema_core::ident::literal;

use super::super::connection::{Failed, Failure, Reply};
use super::super::executor::{Executor, Stop, lost};
use super::super::words::Words;
use super::super::work::Work;
use super::effect::{NewIndex, Reindexed};

/// An index that is there.
pub(super) struct Found {
    /// Its name, quoted, with its schema.
    pub(super) name: String,
    pub(super) valid: bool,
    unique: bool,
    on_table: bool,
}

/// Everything that makes an index what it is, but its name and its table.
const DEFINITION: &str = "SELECT ROW(ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, n, false) FROM pg_catalog.generate_series(1, i.indnatts) AS n), \
     i.indnkeyatts, i.indisunique, i.indclass, i.indcollation, i.indoption, c.relam, c.reloptions, \
     pg_catalog.pg_get_expr(i.indpred, i.indrelid), pg_catalog.to_jsonb(i)->>'indnullsnotdistinct')::text \
     FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid WHERE i.indexrelid = ";

/// What PostgreSQL appends to the names of the copies.
const SUFFIX: &str = "_cc(new|old)[0-9]*$";

/// The name without it.
const BASE: &str = "pg_catalog.regexp_replace(c.relname::text, '_cc(new|old)[0-9]*$', '')";

/// A name of so many bytes may have been cut: the longest has 63, the last
/// character up to four.
const CUT: usize = 59;

impl Executor<'_> {
    /// The index that a statement is to make; it lives in its table's schema.
    pub(super) async fn find_new_index(
        &mut self,
        work: &Work,
        new: &NewIndex,
    ) -> Result<Option<Found>, Stop> {
        let table = literal(&new.table);
        let schema = format!(
            "(SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass({table}))"
        );
        let condition =
            format!("c.relname = {} AND c.relnamespace = {schema}", literal(&bare(&new.index)));
        let on_table = format!("i.indrelid = pg_catalog.to_regclass({table})");
        Ok(self.find_indexes(work, &condition, &on_table).await?.pop())
    }

    /// The index of this name.
    pub(super) async fn find_index(
        &mut self,
        work: &Work,
        index: &str,
    ) -> Result<Option<Found>, Stop> {
        let condition = format!("c.oid = pg_catalog.to_regclass({})", literal(index));
        Ok(self.find_indexes(work, &condition, "true").await?.pop())
    }

    async fn find_indexes(
        &mut self,
        work: &Work,
        condition: &str,
        on_table: &str,
    ) -> Result<Vec<Found>, Stop> {
        let query = format!(
            "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), i.indisvalid AND i.indisready, i.indisunique, {on_table} \
             FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid WHERE {condition}"
        );
        let reply = self.ask(work, &query, "the index could not be looked up").await?;
        let found = |row: &Vec<Option<String>>| {
            let text = |index: usize| row.get(index).and_then(Option::as_deref).unwrap_or_default();
            Found {
                name: text(0).to_string(),
                valid: text(1) == "t",
                unique: text(2) == "t",
                on_table: text(3) == "t",
            }
        };
        Ok(reply.rows(0).iter().map(found).collect())
    }

    /// Whether the index is the one that the statement makes. The statement is
    /// tried on an empty copy of the table, and the catalog compared.
    pub(super) async fn is_the_same(
        &mut self,
        work: &Work,
        new: &NewIndex,
        found: &Found,
        resumed: bool,
    ) -> Result<bool, Stop> {
        if !found.on_table || found.unique != new.unique {
            return Ok(false);
        }
        let unique = if new.unique { "UNIQUE " } else { "" };
        let message = format!(
            "BEGIN;\nCREATE TEMPORARY TABLE deepref_copy (LIKE {});\nCREATE {unique}INDEX deepref_copy_index ON pg_temp.deepref_copy{}\n;\n\
             SELECT ({DEFINITION}'pg_temp.deepref_copy_index'::pg_catalog.regclass) = ({DEFINITION}pg_catalog.to_regclass({}));\nROLLBACK;\n",
            new.table,
            new.definition,
            literal(&found.name)
        );
        match self.connection.send(&message).await {
            Ok(reply) => Ok(reply.value(3) == Some("t")),
            Err(Failed { failure: Failure::Lost(problem) | Failure::Ended(problem), .. }) => {
                Err(Stop::Error(lost(work, problem)))
            }
            // no right to make temporary tables: an index of an interrupted
            // build is taken for ours, another one is not
            Err(_) => {
                self.ask(work, "ROLLBACK", "the transaction could not be ended").await?;
                Ok(resumed)
            }
        }
    }

    pub(super) async fn drop_invalid(&mut self, work: &Work, index: &str) -> Result<(), Stop> {
        let statement = format!("DROP INDEX CONCURRENTLY IF EXISTS {index}");
        let what = format!("the invalid index {index} could not be dropped");
        self.ask(work, &statement, &what).await.map(drop)
    }

    /// Drops the copies that a `REINDEX … CONCURRENTLY` left behind when it
    /// was interrupted: of its partitions and of the table of its long values,
    /// too. Names that are too long are cut to make place for the suffix.
    pub(super) async fn drop_copies(&mut self, work: &Work, of: &Reindexed) -> Result<(), Stop> {
        let tree = |name: &str| {
            let root = format!("pg_catalog.to_regclass({})", literal(name));
            format!("(SELECT {root} UNION SELECT relid FROM pg_catalog.pg_partition_tree({root}))")
        };
        let of = match of {
            Reindexed::Index(index) => format!(
                "EXISTS (SELECT FROM pg_catalog.pg_class AS o JOIN pg_catalog.pg_index AS oi ON oi.indexrelid = o.oid \
                 WHERE o.oid IN {} AND oi.indrelid = i.indrelid AND (o.relname = {BASE} OR \
                 pg_catalog.starts_with(o.relname::text, {BASE}) AND pg_catalog.octet_length(c.relname::text) > {CUT}))",
                tree(index)
            ),
            Reindexed::Table(table) => {
                let tables = tree(table);
                format!(
                    "(i.indrelid IN {tables} OR i.indrelid IN (SELECT reltoastrelid FROM pg_catalog.pg_class WHERE oid IN {tables}))"
                )
            }
        };
        let copies = format!("NOT i.indisvalid AND c.relname ~ '{SUFFIX}' AND {of}");
        for copy in self.find_indexes(work, &copies, "true").await? {
            self.drop_invalid(work, &copy.name).await?;
        }
        Ok(())
    }

    /// Sends a statement of the runner's own.
    pub(super) async fn ask(&mut self, work: &Work, sql: &str, what: &str) -> Result<Reply, Stop> {
        match self.connection.send(sql).await {
            Ok(reply) => Ok(reply),
            Err(Failed { failure: Failure::Lost(problem) | Failure::Ended(problem), .. }) => {
                Err(Stop::Error(lost(work, problem)))
            }
            Err(failed) => Err(Stop::Error(failed.into_error(what))),
        }
    }
}

/// The last part of a name, without quotes.
fn bare(name: &str) -> String {
    Words::of(name).last().map(|word| word.name()).unwrap_or_default()
}
