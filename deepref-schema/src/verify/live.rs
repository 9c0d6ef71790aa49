//! A real database against what its migrations make.

use deepref_schema_core::schema::Schema;

use super::replay;
use super::scratch::{Asking, with_scratch};
use crate::inspect::{Reader, Whole};
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

impl Drift {
    /// The difference as an error, where there is one.
    pub(crate) fn into_error(self) -> Result<(), Error> {
        if self.differences.is_empty() {
            return Ok(());
        }
        Err(Error::Differs {
            problem: "the database is not what its migrations make".into(),
            differences: self.differences,
            help: "nothing was changed; `cargo migrate verify --live` says what would mend it"
                .into(),
        })
    }
}

/// Compares what a database holds with what migrations make.
pub(crate) async fn drift(
    asking: Asking<'_>,
    applied: &[&Migration],
    mut found: Whole,
    major: u32,
) -> Result<Drift, Error> {
    with_scratch(asking, async |work, empty| {
        check_major(work, major).await?;
        for migration in applied {
            replay::apply(work, migration).await?;
        }
        let wanted = work.read_whole().await?;
        // What only the database has is listed, not compared.
        let unmodelled: Vec<_> = found.catalog.surplus(&wanted.catalog).cloned().collect();
        found.leave_out(&unmodelled);
        let (wanted, found) = stable_wholes(empty, wanted, found).await?;
        let differences = wanted.differences(&found);
        let (wanted, found) = (wanted.catalog.schema, found.catalog.schema);
        Ok(Drift { differences, unmodelled, wanted, found })
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

/// Two databases in a form that can be compared. PostgreSQL writes some
/// expressions otherwise once it has read what it wrote: where they differ, both
/// are made and read until they change no more, with all that the model does not
/// have, or where that can not be made, their schemas alone.
pub(crate) async fn stable_wholes(
    empty: &mut Reader,
    mut wanted: Whole,
    mut found: Whole,
) -> Result<(Whole, Whole), Error> {
    if wanted.is_same(&found) {
        return Ok((wanted, found));
    }
    match (empty.stable_whole(&wanted).await?, empty.stable_whole(&found).await?) {
        (Some(a), Some(b)) => return Ok((wanted.settled(a), found.settled(b))),
        _ if wanted.catalog.schema == found.catalog.schema => {}
        _ => {
            let a = empty.stable(&wanted.catalog.schema, &wanted.objects).await?;
            let b = empty.stable(&found.catalog.schema, &found.objects).await?;
            if let (Some(a), Some(b)) = (a, b) {
                (wanted.catalog.schema, found.catalog.schema) = (a, b);
            }
        }
    }
    Ok((wanted, found))
}
