//! Going back.

use super::connection::Connection;
use super::events::Event;
use super::executor::Executor;
use super::migrator::{Migrator, Target};
use super::plan::{self, Plan, Policy};
use super::report::Report;
use super::run::{finish_interrupted, perform};
use super::state::{AppliedRow, State};
use super::work::{Work, WorkSegment, WorkStep};
use super::{extensions, lock, session};
use crate::error::CountedLoss;
use crate::migration::{Loss, Migration, Risk};
use crate::{Ahead, Error, Limits};

/// What a revert would do.
#[derive(Debug, Clone)]
pub struct RevertPlan {
    items: Vec<RevertItem>,
    work: Vec<Work>,
    accepted: bool,
}

/// One migration that would be reverted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevertItem {
    /// Its version.
    pub version: i64,
    /// The name with the version.
    pub name: String,
    /// What would be deleted, counted; only what is not empty.
    pub losses: Vec<CountedLoss>,
    /// The statements, where they come from the ledger because this program
    /// does not know the migration; they must be read before they run.
    pub stored_statements: Vec<String>,
    /// The functions that would be called, which may do anything.
    pub functions: Vec<String>,
    /// What else can come of it; none are known of statements from the ledger.
    pub risks: Vec<Risk>,
}

impl RevertPlan {
    /// The migrations, newest first.
    pub fn items(&self) -> &[RevertItem] {
        &self.items
    }

    /// Everything that would be deleted.
    pub fn losses(&self) -> Vec<CountedLoss> {
        self.items.iter().flat_map(|item| item.losses.clone()).collect()
    }

    /// Whether somebody has to agree before it runs.
    pub fn needs_consent(&self) -> bool {
        !self.accepted
            && self
                .items
                .iter()
                .any(|item| !item.losses.is_empty() || !item.stored_statements.is_empty())
    }

    /// Agrees to the loss of data, and to statements from the ledger.
    #[must_use]
    pub fn accept(mut self) -> RevertPlan {
        self.accepted = true;
        self
    }
}

/// A revert looks at the applied side alone.
const POLICY: Policy = Policy { out_of_order: true, ahead: Ahead::Warn };

pub(super) async fn plan(migrator: &mut Migrator, target: Target) -> Result<RevertPlan, Error> {
    let (mut connection, state) = session::open(migrator, "revert").await?;
    let compared = plan::compare(&migrator.history, &state, &migrator.names, POLICY)?;
    let rows = rows_to_revert(&state, &compared, target)?;
    let mut plan = RevertPlan { items: Vec::new(), work: Vec::new(), accepted: false };
    for row in rows {
        let (item, work) = match migrator.history.find(row.version) {
            Some(migration) => known(&mut connection, migration, &row).await?,
            None if state.row(row.version).is_none() => {
                unknown(&mut connection, &migrator.names.progress(), "version", &row).await?
            }
            None => unknown(&mut connection, &migrator.names.ledger(), "timestamp", &row).await?,
        };
        plan.items.push(item);
        plan.work.push(work);
    }
    Ok(plan)
}

/// The rows of the ledger, newest first. A migration that is half applied
/// counts: it is finished, then reverted. So does one that is half reverted.
fn rows_to_revert(
    state: &State,
    compared: &Plan,
    target: Target,
) -> Result<Vec<AppliedRow>, Error> {
    let mut rows = state.applied.clone();
    if let Some(begun) = &compared.interrupted {
        rows.push(AppliedRow {
            version: begun.version,
            name: begun.name.clone(),
            checksum: begun.checksum,
            applied_at: None,
            applied_by: None,
            duration_ms: None,
            found_extensions: begun.found_extensions.clone(),
        });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.version));
    match target {
        Target::Steps(steps) if steps > rows.len() => Err(Error::Usage {
            problem: format!(
                "{steps} migrations are to be reverted, and {} are applied",
                rows.len()
            ),
            help: "`cargo migrate show` lists them".into(),
        }),
        Target::Steps(steps) => Ok(rows.into_iter().take(steps).collect()),
        Target::Version(version)
            if version != 0 && !rows.iter().any(|row| row.version == version) =>
        {
            Err(Error::Usage {
                problem: format!("{version} is not applied"),
                help: "`cargo migrate show` lists what is; 0 reverts everything".into(),
            })
        }
        Target::Version(version) => {
            Ok(rows.into_iter().filter(|row| row.version > version).collect())
        }
    }
}

async fn known(
    connection: &mut Connection,
    migration: &'static Migration,
    row: &AppliedRow,
) -> Result<(RevertItem, Work), Error> {
    let work = Work::down(migration).ok_or_else(|| irreversible(migration))?;
    let work = extensions::keep(work, &row.found_extensions);
    let mut losses = Vec::new();
    for loss in migration.lost_on_revert {
        let rows = count(connection, loss).await?;
        losses.extend((rows > 0).then_some(CountedLoss { loss: *loss, rows }));
    }
    let item = RevertItem {
        version: migration.version,
        name: work.name.clone(),
        losses,
        stored_statements: Vec::new(),
        functions: functions(&work),
        risks: migration.risks_of_revert.to_vec(),
    };
    Ok((item, work))
}

fn functions(work: &Work) -> Vec<String> {
    let steps = work.segments.iter().flat_map(|segment| &segment.steps);
    steps.filter_map(|step| Some(step.function?.path.to_owned())).collect()
}

async fn count(connection: &mut Connection, loss: &Loss) -> Result<u64, Error> {
    let query = match loss {
        Loss::Table { table } => format!("SELECT count(*) FROM {table}"),
        Loss::Column { table, column } => format!("SELECT count({column}) FROM {table}"),
    };
    match connection.send(&query).await {
        Ok(reply) => Ok(reply.value(0).and_then(|text| text.parse().ok()).unwrap_or(0)),
        // a table of a migration that is half applied, or renamed since by one
        // that is reverted before: there is nothing to count yet
        Err(failed) => match failed.into_error("the rows could not be counted") {
            Error::Server { sqlstate, .. } if matches!(sqlstate.as_str(), "42P01" | "42703") => {
                Ok(0)
            }
            error => Err(error),
        },
    }
}

async fn unknown(
    connection: &mut Connection,
    table: &str,
    column: &str,
    row: &AppliedRow,
) -> Result<(RevertItem, Work), Error> {
    let work = stored(connection, table, column, row.version, &row.name).await?;
    let work = extensions::keep(work, &row.found_extensions);
    let statements = work
        .segments
        .iter()
        .flat_map(|segment| &segment.steps)
        .map(|step| step.sql.clone())
        .collect();
    Ok((
        RevertItem {
            version: row.version,
            name: row.name.clone(),
            losses: Vec::new(),
            stored_statements: statements,
            functions: Vec::new(),
            risks: Vec::new(),
        },
        work,
    ))
}

/// The down plan that whoever applied a migration left in the ledger.
pub(super) async fn stored(
    connection: &mut Connection,
    table: &str,
    column: &str,
    version: i64,
    name: &str,
) -> Result<Work, Error> {
    let query = format!(
        "SELECT s.n, s.v->>'kind', t.v->>'description', t.v->>'sql', r.j->'down_plan' \
         FROM (SELECT pg_catalog.to_jsonb(m) AS j FROM {table} AS m WHERE m.\"{column}\" = {version}) AS r, \
         pg_catalog.jsonb_array_elements(r.j->'down_plan'->'segments') WITH ORDINALITY AS s (v, n), \
         pg_catalog.jsonb_array_elements(s.v->'steps') WITH ORDINALITY AS t (v, n) ORDER BY s.n, t.n;\n\
         SELECT f.name FROM (SELECT pg_catalog.to_jsonb(m) AS j FROM {table} AS m WHERE m.\"{column}\" = {version}) AS r, \
         pg_catalog.jsonb_array_elements_text(r.j->'down_plan'->'functions') WITH ORDINALITY AS f (name, n) ORDER BY f.n"
    );
    let reply = connection
        .send(&query)
        .await
        .map_err(|failed| failed.into_error("the plan in the ledger could not be read"))?;
    let functions: Vec<_> = reply.rows(1).iter().filter_map(|row| row.first()?.clone()).collect();
    if !functions.is_empty() {
        return Err(Error::Refused {
            problem: format!(
                "`{name}` can not be reverted from the ledger: it runs {}, of a program that this is not",
                functions.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
            help: "use the program that applied it".into(),
        });
    }
    let rows = reply.rows(0);
    if rows.is_empty() {
        return Err(Error::Refused {
            problem: format!(
                "`{name}` can not be reverted: this program does not know it, and the ledger holds no plan for it"
            ),
            help: "use the program that applied it".into(),
        });
    }
    let text = |row: &[Option<String>], index: usize| {
        row.get(index).cloned().flatten().unwrap_or_default()
    };
    let mut segments: Vec<WorkSegment> = Vec::new();
    let mut last = String::new();
    for row in rows {
        if text(row, 0) != last {
            last = text(row, 0);
            segments.push(WorkSegment::stored(&text(row, 1)));
        }
        if let Some(segment) = segments.last_mut() {
            segment.steps.push(WorkStep::sql(&text(row, 2), text(row, 3)));
        }
    }
    Ok(Work {
        version,
        name: name.to_string(),
        up: false,
        checksum: None,
        segments,
        down_plan: Some(text(&rows[0], 4)),
        limits: Limits::NONE,
    })
}

pub(super) fn irreversible(migration: &Migration) -> Error {
    Error::Refused {
        problem: format!(
            "`{}` is irreversible: {}",
            migration.ledger_name(),
            migration.irreversible.unwrap_or("no reason is given")
        ),
        help: "nothing was run; write a new migration that goes forward, or restore a backup"
            .into(),
    }
}

pub(super) async fn revert(migrator: &mut Migrator, plan: &RevertPlan) -> Result<Report, Error> {
    if plan.needs_consent() {
        return Err(Error::DataLoss { losses: plan.losses() });
    }
    if plan.items.is_empty() {
        return Ok(Report::default());
    }
    let (connection, state) = session::open(migrator, "revert").await?;
    session::check_writable(migrator, &state)?;
    let history = migrator.history;
    let names = migrator.names.clone();
    let Some((mut executor, state)) =
        session::lock(migrator, "revert", connection, &state, |_| Ok(false)).await?
    else {
        return Ok(Report::default());
    };
    let compared = plan::compare(&history, &state, &names, POLICY)?;
    let mut report = Report::default();
    match work(&mut executor, &history, &compared, &state, plan, &mut report).await {
        Ok(()) => lock::release(&mut executor.connection, executor.names).await.map(|()| report),
        Err(error) => Err(error.after(&report.names())),
    }
}

async fn work(
    executor: &mut Executor<'_>,
    history: &crate::History,
    compared: &Plan,
    state: &State,
    plan: &RevertPlan,
    report: &mut Report,
) -> Result<(), Error> {
    check_unchanged(state, compared, plan)?;
    executor.record_squashed(&compared.squashed, state).await?;
    finish_interrupted(executor, history, compared, report).await?;
    let finished = compared.interrupted.as_ref().filter(|row| !row.up).map(|row| row.version);
    let rest: Vec<_> = plan.work.iter().filter(|work| Some(work.version) != finished).collect();
    for (number, work) in rest.iter().enumerate() {
        executor.observer.emit(&Event::Begin {
            migration: &work.name,
            up: false,
            number: number + 1,
            total: rest.len(),
        });
        perform(executor, work, None, report).await?;
    }
    Ok(())
}

/// What was agreed to must still be what is applied last.
fn check_unchanged(state: &State, compared: &Plan, plan: &RevertPlan) -> Result<(), Error> {
    let rows = rows_to_revert(state, compared, Target::Steps(plan.items.len()))?;
    if rows.iter().map(|row| row.version).eq(plan.items.iter().map(|item| item.version)) {
        return Ok(());
    }
    Err(Error::ledger(
        "the ledger changed since the revert was planned",
        "nothing was run; look at it again with `show`",
    ))
}
