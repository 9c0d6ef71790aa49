//! Recording a squashed migration instead of what it replaces.

use super::super::script::{Role, Script};
use super::super::state::State;
use super::super::{Event, lock, squashed};
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
            let name = migrations[0].ledger_name();
            return Err(match place {
                Role::Fence => lock::lost(name),
                _ => failed.into_error(&format!("`{name}` could not be recorded")),
            });
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
}
