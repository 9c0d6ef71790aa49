//! A pool of connections for the application, by the same configuration.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use deepref_schema::{Config, pool};
//!
//! let pool = pool::open(&Config::from_env()?).await?;
//! let connection = pool.get().await?;
//! let row = connection.query_one("SELECT 1", &[]).await?;
//! # Ok(())
//! # }
//! ```

use std::sync::{Arc, Mutex};

use tokio_postgres::{Client, Error as DriverError};

use crate::runner::{Shared, Transport, connect_error, plain_config};
use crate::{Config, Error};

/// A pool of connections; clones share it.
pub type Pool = bb8::Pool<Manager>;

/// Opens connections to the database of the application: that of
/// `DATABASE_URL`, behind a pooler where there is one.
pub struct Manager {
    config: tokio_postgres::Config,
    transport: Transport,
}

/// Opens a pool of `DATABASE_POOL_MIN` (0) to `DATABASE_POOL_MAX` (10)
/// connections. Must be called inside a tokio runtime.
///
/// # Errors
///
/// [`Error::Connect`] where the least number of connections can not be
/// opened.
pub async fn open(config: &Config) -> Result<Pool, Error> {
    let endpoint = &config.application;
    let manager = Manager { config: plain_config(endpoint), transport: Transport::of(endpoint)? };
    bb8::Pool::builder()
        .max_size(config.settings.pool_max)
        .min_idle(config.settings.pool_min)
        .connection_timeout(endpoint.connect_timeout)
        .build(manager)
        .await
        .map_err(|error| connect_error(endpoint, &error))
}

impl bb8::ManageConnection for Manager {
    type Connection = Client;
    type Error = DriverError;

    async fn connect(&self) -> Result<Client, DriverError> {
        let shared = Arc::new(Mutex::new(Shared::default()));
        self.transport.connect(&self.config, &shared).await
    }

    async fn is_valid(&self, connection: &mut Client) -> Result<(), DriverError> {
        connection.simple_query("").await.map(drop)
    }

    fn has_broken(&self, connection: &mut Client) -> bool {
        connection.is_closed()
    }
}
