//! A connection that reads catalogs.

use deepref_schema_core::schema::Schema;

use super::made::statements;
use super::queries::{Answers, Ledger, queries};
#[cfg(feature = "cli")]
use super::rows::Row;
use super::{Catalog, Unmodelled};
use crate::runner::{Connection, Failed, Failure, Signals};
use crate::{Config, Error, Function};

/// What must hold while expressions are written: names in `public` stand
/// without it, and no setting of the session adds quotes. To compile the
/// queries would take longer than to run them.
const SETTINGS: [&str; 3] = [
    "SET LOCAL search_path = public, pg_temp",
    "SET LOCAL quote_all_identifiers = off",
    "SET LOCAL jit = off",
];

/// A connection that reads catalogs.
pub(crate) struct Reader {
    connection: Connection,
    queries: Vec<String>,
    /// Whether the server keeps the plans of the queries already.
    is_prepared: bool,
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
        Ok(Self { connection, queries: queries(&ledger), is_prepared: false })
    }

    /// What is in the database.
    pub(crate) async fn read(&mut self) -> Result<Catalog, Error> {
        let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let read = self.read_between(&[begin.to_owned()], "COMMIT").await;
        read.map_err(|failed| failed.into_error("the catalog could not be read"))
    }

    /// What an empty database would hold if it had this schema: it is made,
    /// read, and rolled back. Of what the model does not have the functions
    /// are made as well, as far as that can be done before there are tables.
    pub(crate) async fn read_made(
        &mut self,
        schema: &Schema,
        unmodelled: &[Unmodelled],
    ) -> Result<Catalog, Failed> {
        match self.read_made_with(schema, unmodelled).await {
            Err(failed)
                if failed.is_refusal() && unmodelled.iter().any(|one| one.is_function()) =>
            {
                self.read_made_with(schema, &[]).await
            }
            read => read,
        }
    }

    async fn read_made_with(
        &mut self,
        schema: &Schema,
        unmodelled: &[Unmodelled],
    ) -> Result<Catalog, Failed> {
        let made = statements(schema, unmodelled);
        let before: Vec<_> = ["BEGIN".to_owned()].into_iter().chain(made).collect();
        let read = self.read_between(&before, "ROLLBACK").await;
        if read.is_err() {
            self.connection.send("ROLLBACK").await?;
        }
        read
    }

    /// The schema of a catalog as PostgreSQL writes it after it has read what it wrote; `None`
    /// where the schema can not be made alone. The database is empty.
    pub(crate) async fn stable(&mut self, catalog: &Catalog) -> Result<Option<Schema>, Error> {
        const MOST: usize = 4;
        let mut schema = catalog.schema.clone();
        for _ in 0..MOST {
            let next = match self.read_made(&schema, &catalog.unmodelled).await {
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
        let settings = SETTINGS.iter().map(|setting| (*setting).to_owned());
        let opening: Vec<_> =
            before.iter().cloned().chain(settings).chain(self.prepare()).collect();
        let queries = (0..self.queries.len()).map(|number| format!("EXECUTE deepref_{number}"));
        let all = opening.iter().cloned().chain(queries);
        let message: String = all.map(|statement| statement + "\n;\n").collect();
        let mut reply = self.connection.send(&(message + after)).await?;
        self.is_prepared = true;
        Ok(Catalog::of(&Answers::of(|query| reply.take(opening.len() + query))))
    }

    /// What makes the server keep the plans of the queries: where a catalog is
    /// small, planning takes longer than reading.
    fn prepare(&self) -> Vec<String> {
        if self.is_prepared {
            return Vec::new();
        }
        let numbered = self.queries.iter().enumerate();
        let forget = self.connection.deallocate().to_owned();
        let prepare = numbered.map(|(at, query)| format!("PREPARE deepref_{at} AS {query}"));
        [forget].into_iter().chain(prepare).collect()
    }
}
