//! Helpers for the tests of a migrations crate.

mod held;

use std::fmt::Write;

use held::Held;

use crate::{Catalog, Config, Error, History, Migration, Segment, SegmentKind, Step, Target};

/// A migration as readable text: what it is, what it sends, and how it is
/// reverted. For snapshots, so that a pull request shows what will run.
///
/// The checksum is left out: it changes with every word.
pub fn snapshot(migration: &Migration) -> String {
    let mut text = up_text(migration);
    match (migration.down, migration.irreversible) {
        (Some(segments), _) => push_segments(&mut text, "down", segments),
        (None, reason) => {
            let _ = writeln!(text, "\n-- no down: {}", reason.unwrap_or("no reason is given"));
        }
    }
    text
}

/// The header and the `up` of a migration.
pub(crate) fn up_text(migration: &Migration) -> String {
    let mut text = format!("-- {} {}\n", migration.version, migration.name);
    for line in migration.text.lines() {
        let _ = writeln!(text, "{}", format!("-- {}", line.trim()).trim_end());
    }
    let _ = match migration.revert_class() {
        Some(class) => writeln!(text, "-- reversible: {}", class.name()),
        None => {
            let reason = migration.irreversible.unwrap_or("no reason is given");
            writeln!(text, "-- irreversible: {reason}")
        }
    };
    for limit in migration.limits.attributes() {
        let _ = writeln!(text, "-- {limit}");
    }
    for line in migration.reverting_lines() {
        let _ = writeln!(text, "-- a revert {line}");
    }
    push_segments(&mut text, "up", migration.up);
    text
}

fn push_segments(text: &mut String, direction: &str, segments: &[Segment]) {
    if segments.iter().all(|segment| segment.steps.is_empty()) {
        let _ = writeln!(text, "\n-- {direction}: nothing");
    }
    for (index, segment) in
        segments.iter().enumerate().filter(|(_, segment)| !segment.steps.is_empty())
    {
        let part = if segments.len() > 1 {
            format!(" {} of {}", index + 1, segments.len())
        } else {
            String::new()
        };
        let _ = writeln!(text, "\n-- {direction}{part}: {}", kind_text(&segment.kind));
        let mut held = Held::default();
        for step in segment.steps {
            if let Some(line) = held.news(step) {
                let _ = writeln!(text, "-- {line}");
            }
            let _ = writeln!(text, "{}", sql_text(step));
        }
    }
}

/// The statement with its semicolon; of a function a comment.
pub(crate) fn sql_text(step: &Step) -> String {
    match step.function {
        Some(_) => format!("{} (Rust, which may do anything)", step.sql),
        None => format!("{};", step.sql),
    }
}

pub(crate) fn kind_text(kind: &SegmentKind) -> String {
    match kind {
        SegmentKind::Transaction => "in one transaction".into(),
        SegmentKind::Outside => "outside of a transaction".into(),
        SegmentKind::Batches(batches) => format!(
            "in batches of {} by ({}), each in a transaction",
            batches.size,
            batches.key.join(", ")
        ),
    }
}

/// Applies, reverts and applies again each migration of a history on an empty
/// scratch database, and compares the catalog at each step. Irreversible
/// migrations are applied only.
///
/// # Errors
///
/// [`Error::Ledger`] lists what a revert left behind or a second run made
/// otherwise; and everything that a run can meet.
pub fn check_up_down_up(history: &History, url: &str) -> Result<(), Error> {
    let mut migrator = history.migrator(Config::from_url(url)?);
    for migration in history.migrations {
        let before = migrator.inspect()?;
        migrator = migrator.to(migration.version);
        migrator.run()?;
        if migration.down.is_none() {
            continue;
        }
        let after = migrator.inspect()?;
        let plan = migrator.plan_revert(Target::Steps(1))?.accept();
        migrator.revert(&plan)?;
        compare(
            migration,
            "reverting it does not restore the schema",
            &before,
            &migrator.inspect()?,
        )?;
        migrator.run()?;
        compare(migration, "applying it again makes another schema", &after, &migrator.inspect()?)?;
    }
    Ok(())
}

fn compare(
    migration: &Migration,
    problem: &str,
    expected: &Catalog,
    found: &Catalog,
) -> Result<(), Error> {
    let differences = expected.differences(found);
    if differences.is_empty() {
        return Ok(());
    }
    let lines: String = differences.iter().map(|line| format!("\n  - {line}")).collect();
    Err(Error::Ledger {
        problem: format!("`{}`: {problem}{lines}", migration.ledger_name()),
        help: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Function, Limits, Lock, LockMode, Risk, RiskKind, Work};

    #[test]
    fn shows_all_of_it() {
        const fn lock(relation: &'static str, mode: LockMode, work: Work) -> Lock {
            Lock { relation, mode, work }
        }
        const fn step(sql: &'static str, locks: Option<&'static [Lock]>) -> Step {
            Step { description: "", sql, locks, function: None }
        }
        const FILL: Function = Function { path: "steps::fill", call: |_| Ok(()) };
        const NONE: Option<&[Lock]> = Some(&[]);
        const ALTER: Option<&[Lock]> = Some(&[lock("u", LockMode::AccessExclusive, Work::Nothing)]);
        const BUILD: Option<&[Lock]> = Some(&[lock("v", LockMode::Share, Work::Index)]);
        const BUILD_BESIDE: Option<&[Lock]> =
            Some(&[lock("t", LockMode::ShareUpdateExclusive, Work::Index)]);
        const UP: &[Segment] = &[
            Segment {
                kind: SegmentKind::Transaction,
                steps: &[
                    step("CREATE TABLE t (\n    id int\n)", NONE),
                    step("ALTER TABLE u ADD b int", ALTER),
                    step("ALTER TABLE u ADD c int", ALTER),
                    step("CREATE INDEX i ON v (id)", BUILD),
                    Step { function: Some(FILL), ..step("-- run steps::fill", None) },
                ],
            },
            Segment {
                kind: SegmentKind::Outside,
                steps: &[step("CREATE INDEX CONCURRENTLY i ON t (id)", BUILD_BESIDE)],
            },
        ];
        let migration = Migration {
            version: 1,
            name: "Make",
            text: " Makes it.\n\n Twice.",
            file: "m1_make",
            checksum: [0; 32],
            up: UP,
            down: Some(&[]),
            irreversible: None,
            lost_on_revert: &[crate::Loss::Table { table: "t" }],
            risks_of_revert: &[Risk { kind: RiskKind::Fails, text: "fails where c of u is null" }],
            replaces: &[],
            limits: Limits {
                lock_timeout: Some(std::time::Duration::from_secs(10)),
                ..Limits::NONE
            },
        };
        let expected = "\
-- 1 Make
-- Makes it.
--
-- Twice.
-- reversible: lossy
-- lock_timeout = \"10s\"
-- a revert deletes the rows of t
-- a revert fails where c of u is null

-- up 1 of 2: in one transaction
CREATE TABLE t (
    id int
);
-- locks u against reads and writes
ALTER TABLE u ADD b int;
ALTER TABLE u ADD c int;
-- locks v against writes while it builds an index
CREATE INDEX i ON v (id);
-- run steps::fill (Rust, which may do anything)

-- up 2 of 2: outside of a transaction
CREATE INDEX CONCURRENTLY i ON t (id);

-- down: nothing
";
        assert_eq!(snapshot(&migration), expected);
        let irreversible =
            Migration { down: None, irreversible: Some("the rows are gone"), ..migration };
        let text = snapshot(&irreversible);
        assert!(text.contains("\n-- irreversible: the rows are gone\n"), "{text}");
        assert!(text.ends_with("\n-- no down: the rows are gone\n"), "{text}");
    }
}
