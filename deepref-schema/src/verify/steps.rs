//! Every migration up, down and up again, compared with the model at each step.

use deepref_schema_core::ident::ObjectName;
use deepref_schema_core::schema::Schema;

use super::part::Part;
use super::replay;
use super::scratch::{Asking, with_scratch};
use crate::inspect::{Catalog, Objects, Reader};
use crate::migration::Migration;
use crate::runner::Failed;
use crate::{Error, History};

/// What was proved of one migration.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    /// The migration.
    pub(crate) migration: &'a Migration,
    /// Why what it leaves could not be compared with the model.
    pub(crate) without_model: Option<String>,
}

/// Proves a history. `models` are the schemas after each migration; `tell`
/// hears of each migration that was proved.
pub(crate) async fn verify(
    history: &History,
    asking: Asking<'_>,
    models: &[Schema],
    mut tell: impl FnMut(&Step<'_>),
) -> Result<(), Error> {
    with_scratch(asking, async |work, empty| {
        let mut before = work.read().await?;
        let mut proved = None;
        for (migration, model) in history.migrations.iter().zip(models) {
            let proof = Proof { migration, model, proved, before: &before };
            let (after, without_model) = proof.run(work, empty).await?;
            proved = Some(model).filter(|_| without_model.is_none());
            tell(&Step { migration, without_model });
            before = after;
        }
        Ok(())
    })
    .await
}

struct Proof<'a> {
    migration: &'a Migration,
    model: &'a Schema,
    /// The model of what was there before it, where it was found to be true.
    proved: Option<&'a Schema>,
    /// What was there before it.
    before: &'a Catalog,
}

impl Proof<'_> {
    /// Up, down and up; gives what is there then.
    async fn run(
        &self,
        work: &mut Reader,
        empty: &mut Reader,
    ) -> Result<(Catalog, Option<String>), Error> {
        replay::apply(work, self.migration).await?;
        let applied = work.read().await?;
        let without_model = self.compare_with_model(work, empty, &applied).await?;
        let Some(down) = self.migration.down else { return Ok((applied, without_model)) };
        replay::run(work, self.migration, down).await?;
        let reverted = work.read().await?;
        self.compare(work, empty, "`down` does not lead back", self.before, &reverted).await?;
        replay::apply(work, self.migration).await?;
        let again = work.read().await?;
        let problem = "`up` after `down` makes something else than `up`";
        self.compare(work, empty, problem, &applied, &again).await?;
        Ok((again, without_model))
    }

    /// What raw SQL made is in the catalog and not in the model, tables such as
    /// detached partitions among it; it is compared from step to step only.
    async fn compare_with_model(
        &self,
        work: &mut Reader,
        empty: &mut Reader,
        found: &Catalog,
    ) -> Result<Option<String>, Error> {
        let model = self.model;
        let part = Part::changed(self.proved, model);
        let mut made = empty.read_made(&part.schema, &Objects::default()).await;
        // It may need what raw SQL makes, such as a function.
        if made.as_ref().is_err_and(Failed::is_refusal) && !found.unmodelled.is_empty() {
            let objects = work.read_whole().await?.objects;
            made = empty.read_made(&part.schema, &objects).await;
        }
        let wanted = match made {
            Ok(made) => {
                let mut schema = part.completed(&made.schema, &self.before.schema, model);
                self.add_tables_of_sql(&mut schema, model, &found.schema);
                Catalog { schema, unmodelled: found.unmodelled.clone() }
            }
            Err(failed) => {
                let is_refusal = failed.is_refusal();
                let error = failed.into_error("the model of it can not be made alone");
                return if is_refusal { Ok(Some(error.to_string())) } else { Err(error) };
            }
        };
        let problem = "`up` makes something else than the model says";
        self.compare(work, empty, problem, &wanted, found).await?;
        Ok(None)
    }

    /// Adds the tables, with their sequences, that the model does not know and
    /// that SQL of this migration made, or of one before it.
    fn add_tables_of_sql(&self, schema: &mut Schema, model: &Schema, found: &Schema) {
        let mut steps = self.migration.up.iter().flat_map(|segment| segment.steps);
        let runs_sql = steps.any(|step| step.locks.is_none() && step.function.is_none());
        let is_known = |name: &ObjectName| model.tables.contains_key(name);
        for (name, table) in found.tables.iter().filter(|(name, _)| !is_known(name)) {
            if runs_sql || self.before.schema.tables.contains_key(name) {
                schema.insert_table(name.clone(), table.clone());
                for sequence in found.owned_sequences(name, None) {
                    schema.insert_sequence(sequence.clone(), found.sequences[&sequence].clone());
                }
            }
        }
    }

    async fn compare(
        &self,
        work: &mut Reader,
        empty: &mut Reader,
        problem: &str,
        wanted: &Catalog,
        found: &Catalog,
    ) -> Result<(), Error> {
        if wanted == found {
            return Ok(());
        }
        let objects = match found.unmodelled.is_empty() {
            true => Objects::default(),
            false => work.read_whole().await?.objects,
        };
        let differences = stable_differences(empty, &objects, wanted, found).await?;
        if differences.is_empty() {
            return Ok(());
        }
        Err(Error::Differs {
            problem: format!("`{}`: {problem}", self.migration.ledger_name()),
            differences,
            help: String::new(),
        })
    }
}

/// What differs between two catalogs, where PostgreSQL writes some expressions
/// otherwise once it has read what it wrote: where they differ, both schemas are
/// made and read until they change no more. They may need the objects.
async fn stable_differences(
    empty: &mut Reader,
    objects: &Objects,
    wanted: &Catalog,
    found: &Catalog,
) -> Result<Vec<String>, Error> {
    let (mut wanted, mut found) = (wanted.clone(), found.clone());
    if wanted.schema != found.schema
        && let Some(a) = empty.stable(&wanted.schema, objects).await?
        && let Some(b) = empty.stable(&found.schema, objects).await?
    {
        (wanted.schema, found.schema) = (a, b);
    }
    Ok(wanted.differences(&found))
}
