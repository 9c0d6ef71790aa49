//! Recording a squashed migration instead of what it replaces.

use super::super::script::{Role, Script};
use super::super::state::State;
use super::super::{Event, Failed, Failure, lock, squashed};
use super::Executor;
use crate::{Error, Limits, Migration};

impl Executor<'_> {
    /// All in one transaction, under the lock.
    pub(in crate::runner) async fn record_squashed(
        &mut self,
        migrations: &[&'static Migration],
        state: &State,
    ) -> Result<(), Error> {
        if migrations.is_empty() {
            return Ok(());
        }
        let mut script = Script::default();
        self.open(&Limits::NONE, &mut script);
        for statement in migrations.iter().flat_map(|one| squashed::record(one, state, self.names))
        {
            script.push(Role::Own, &statement);
        }
        script.push(Role::Fence, &self.closing_fence());
        script.push(Role::Commit, "COMMIT");
        if let Err(failed) = self.connection.send(script.message().text()).await {
            let place = script.message().locate(&failed).0;
            self.settle_squashed(migrations, place, failed).await?;
        }
        self.prepare.clear();
        for migration in migrations {
            self.observer.emit(&Event::Squashed {
                migration: &migration.ledger_name(),
                replaced: migration.replaces.len(),
            });
        }
        Ok(())
    }

    /// Where the answer to the COMMIT was lost, the ledger tells.
    async fn settle_squashed(
        &mut self,
        migrations: &[&'static Migration],
        place: Role,
        failed: Failed,
    ) -> Result<(), Error> {
        let name = migrations[0].ledger_name();
        let is_lost = matches!(failed.failure, Failure::Lost(_));
        let error = match place {
            Role::Fence => return Err(lock::lost(name)),
            _ => failed.into_error(&format!("`{name}` could not be recorded")),
        };
        if !is_lost {
            return Err(error);
        }
        let is_recorded = |migration: &&'static Migration, state: &State| {
            let row = state.row(migration.version);
            row.is_some_and(|row| row.name == migration.ledger_name())
        };
        self.settle_by(error, |state| migrations.iter().all(|one| is_recorded(one, state))).await?;
        self.observer.emit(&Event::Settled { migration: &name });
        Ok(())
    }
}
