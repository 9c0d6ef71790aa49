//! A connection that reads catalogs.

use deepref_schema_core::schema::Schema;

use super::Catalog;
use super::made::{Extent, statements};
use super::objects::{Objects, Whole};
use super::queries::{Answers, Ledger, objects_queries, queries};
#[cfg(feature = "cli")]
use super::rows::Row;
use crate::runner::{Connection, Failed, Failure, Reply, Signals};
use crate::{Config, Error, Function};

/// What must hold while expressions are written: names in `public` stand
/// without it, and no setting of the session adds quotes. To compile the
/// queries would take longer than to run them.
const SETTINGS: [&str; 3] = [
    "SET LOCAL search_path = public, pg_temp",
    "SET LOCAL quote_all_identifiers = off",
    "SET LOCAL jit = off",
];

const READING: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How often something is made and read until it changes no more.
const MOST_READINGS: usize = 4;

/// A connection that reads catalogs.
pub(crate) struct Reader {
    connection: Connection,
    ledger: Ledger,
    queries: Vec<String>,
    /// How often it has read: see [`Reader::prepare`].
    readings: usize,
}

impl Reader {
    /// Connects; the tables of the ledger will be left out. Ctrl-C is listened
    /// to where `signals` says so.
    pub(crate) async fn open(
        config: &Config,
        command: &str,
        ledger: crate::Ledger,
        signals: bool,
    ) -> Result<Self, Error> {
        let ledger = Ledger::of(ledger);
        let signals = Signals::new(signals);
        let connection = Connection::open(config, command, signals).await?;
        Ok(Self { connection, queries: queries(&ledger), ledger, readings: 0 })
    }

    /// What is in the database.
    pub(crate) async fn read(&mut self) -> Result<Catalog, Error> {
        let read = self.read_between(&[READING.to_owned()], "COMMIT").await;
        read.map_err(|failed| failed.into_error("the catalog could not be read"))
    }

    /// What is in the database, with the SQL of what the model does not have.
    pub(crate) async fn read_whole(&mut self) -> Result<Whole, Error> {
        let read = self.read_whole_between(&[READING.to_owned()], "COMMIT").await;
        read.map_err(|failed| failed.into_error("the catalog could not be read"))
    }

    /// What an empty database would hold if it had this schema and what it
    /// needs of the objects: it is made, read, and rolled back.
    pub(crate) async fn read_made(
        &mut self,
        schema: &Schema,
        objects: &Objects,
    ) -> Result<Catalog, Failed> {
        let made = beginning(statements(schema, objects, Extent::Needed));
        let read = self.read_between(&made, "ROLLBACK").await;
        self.rolled_back(read).await
    }

    /// The same with all of the objects.
    async fn read_whole_made(&mut self, whole: &Whole) -> Result<Whole, Failed> {
        let made = statements(&whole.catalog.schema, &whole.objects, Extent::All);
        let read = self.read_whole_between(&beginning(made), "ROLLBACK").await;
        self.rolled_back(read).await
    }

    async fn rolled_back<T>(&mut self, read: Result<T, Failed>) -> Result<T, Failed> {
        if read.is_err() {
            self.connection.send("ROLLBACK").await?;
        }
        read
    }

    /// The schema as PostgreSQL writes it after it has read what it wrote; `None` where it can
    /// not be made with these objects. The database is empty.
    pub(crate) async fn stable(
        &mut self,
        schema: &Schema,
        objects: &Objects,
    ) -> Result<Option<Schema>, Error> {
        let mut schema = schema.clone();
        for _ in 0..MOST_READINGS {
            let next = match self.read_made(&schema, objects).await {
                Ok(catalog) => catalog.schema,
                Err(failed) if failed.is_refusal() => return Ok(None),
                Err(failed) => return Err(failed.into_error("a schema could not be made")),
            };
            if next == schema {
                break;
            }
            schema = next;
        }
        Ok(Some(schema))
    }

    /// The same of all that a database holds.
    pub(crate) async fn stable_whole(&mut self, whole: &Whole) -> Result<Option<Whole>, Error> {
        let mut whole = whole.clone();
        for _ in 0..MOST_READINGS {
            let next = match self.read_whole_made(&whole).await {
                Ok(next) => next,
                Err(failed) if failed.is_refusal() => return Ok(None),
                Err(failed) => return Err(failed.into_error("a schema could not be made")),
            };
            let is_stable = next.is_same(&whole);
            whole = next;
            if is_stable {
                break;
            }
        }
        Ok(Some(whole))
    }

    /// The major version of the server.
    pub(crate) async fn major(&mut self) -> Result<u32, Error> {
        let reply = self.connection.send("SHOW server_version_num").await;
        let reply = reply.map_err(|failed| failed.into_error("the server has no version"))?;
        Ok(reply.value(0).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0) / 10_000)
    }

    /// The rows that a query gives.
    #[cfg(feature = "cli")]
    pub(crate) async fn rows(&mut self, sql: &str, what: &str) -> Result<Vec<Row>, Error> {
        let reply = self.connection.send(sql).await;
        Ok(reply.map_err(|failed| failed.into_error(what))?.take(0))
    }

    /// Calls a function inside the transaction that is open.
    pub(crate) async fn call(&mut self, function: Function) -> Result<(), Failure> {
        self.connection.call(function).await
    }

    /// Sends statements.
    pub(crate) async fn send(&mut self, sql: &str) -> Result<(), Failed> {
        self.connection.send(sql).await.map(drop)
    }

    async fn read_between(&mut self, before: &[String], after: &str) -> Result<Catalog, Failed> {
        let (mut reply, first) = self.ask(before, &[], after).await?;
        Ok(Catalog::of(&Answers::of(|query| reply.take(first + query))))
    }

    async fn read_whole_between(
        &mut self,
        before: &[String],
        after: &str,
    ) -> Result<Whole, Failed> {
        let more = objects_queries(&self.ledger);
        let (mut reply, first) = self.ask(before, &more, after).await?;
        let catalog = Catalog::of(&Answers::of(|query| reply.take(first + query)));
        let first = first + self.queries.len();
        let objects = Objects::of(&catalog, |query| reply.take(first + query));
        Ok(Whole { catalog, objects })
    }

    /// Sends the queries, and more after them; gives the answer and the number
    /// of the first query in it.
    async fn ask(
        &mut self,
        before: &[String],
        more: &[String],
        after: &str,
    ) -> Result<(Reply, usize), Failed> {
        let settings = SETTINGS.iter().map(|setting| (*setting).to_owned());
        let opening: Vec<_> =
            before.iter().cloned().chain(settings).chain(self.prepare()).collect();
        let queries = self.queries.iter().enumerate().map(|(number, query)| match self.readings {
            0 => query.clone(),
            _ => format!("EXECUTE deepref_{number}"),
        });
        let all = opening.iter().cloned().chain(queries).chain(more.iter().cloned());
        let message: String = all.map(|statement| statement + "\n;\n").collect();
        let reply = self.connection.send(&(message + after)).await?;
        self.readings += 1;
        Ok((reply, opening.len()))
    }

    /// What makes the server keep the plans of the queries: where a catalog is
    /// small, planning takes longer than reading. Who reads once has no use for
    /// them, so that they are kept from the second reading on.
    fn prepare(&self) -> Vec<String> {
        if self.readings != 1 {
            return Vec::new();
        }
        let numbered = self.queries.iter().enumerate();
        let forget = self.connection.deallocate().to_owned();
        let prepare = numbered.map(|(at, query)| format!("PREPARE deepref_{at} AS {query}"));
        [forget].into_iter().chain(prepare).collect()
    }
}

fn beginning(statements: Vec<String>) -> Vec<String> {
    ["BEGIN".to_owned()].into_iter().chain(statements).collect()
}
