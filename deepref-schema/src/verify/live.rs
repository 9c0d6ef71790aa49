//! A real database against what its migrations make.

use deepref_schema_core::schema::Schema;

use super::replay;
use super::scratch::{Asking, with_scratch};
use crate::inspect::{Catalog, Reader};
use crate::migration::Migration;
use crate::{Error, Unmodelled};

/// How a database differs from what its applied migrations make.
#[derive(Debug, Clone)]
pub struct Drift {
    /// What differs, one line an item; nothing where the database is what it
    /// should be.
    pub differences: Vec<String>,
    /// What is in the database, is unknown to the model, and was made by no
    /// migration: it is not compared.
    pub unmodelled: Vec<Unmodelled>,
    /// The schema that the migrations make, as PostgreSQL writes it.
    pub wanted: Schema,
    /// The schema of the database.
    pub found: Schema,
}

/// Compares what a database holds with what migrations make.
pub(crate) async fn drift(
    asking: Asking<'_>,
    applied: &[&Migration],
    found: Catalog,
    major: u32,
) -> Result<Drift, Error> {
    with_scratch(asking, async |work, empty| {
        check_major(work, major).await?;
        for migration in applied {
            replay::apply(work, migration).await?;
        }
        let wanted = work.read().await?;
        // What only the database has is listed, not compared.
        let unmodelled: Vec<_> = found.surplus(&wanted).cloned().collect();
        let mut compared = found.clone();
        compared.unmodelled.retain(|one| !unmodelled.contains(one));
        let differences = stable_differences(empty, &wanted, &compared).await?;
        Ok(Drift { differences, unmodelled, wanted: wanted.schema, found: found.schema })
    })
    .await
}

/// Refuses a server for scratch databases that is of another version than the
/// database.
pub(crate) async fn check_major(scratch: &mut Reader, major: u32) -> Result<(), Error> {
    let found = scratch.major().await?;
    if found == major {
        return Ok(());
    }
    Err(Error::Usage {
        problem: format!(
            "the server for scratch databases is PostgreSQL {found}, the database is on {major}"
        ),
        help: "name one of the same version: each writes expressions in its own way".into(),
    })
}

/// What differs between two catalogs. PostgreSQL writes some expressions
/// otherwise once it has read what it wrote: where catalogs differ, both are
/// made and read until they change no more.
pub(crate) async fn stable_differences(
    empty: &mut Reader,
    wanted: &Catalog,
    found: &Catalog,
) -> Result<Vec<String>, Error> {
    let differences = wanted.differences(found);
    if differences.is_empty() {
        return Ok(differences);
    }
    match (empty.stable(&wanted.schema).await?, empty.stable(&found.schema).await?) {
        (Some(a), Some(b)) => {
            let wanted = Catalog { schema: a, unmodelled: wanted.unmodelled.clone() };
            let found = Catalog { schema: b, unmodelled: found.unmodelled.clone() };
            Ok(wanted.differences(&found))
        }
        _ => Ok(differences),
    }
}
