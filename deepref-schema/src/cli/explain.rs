//! `explain`: what each statement of a migration locks, and what it does then.

use serde_json::{Value, json};

use super::arguments::Explain;
use super::output;
use crate::{
    Error, History, Limits, Lock, Loss, Migration, RevertClass, Risk, RiskKind, Segment,
    SegmentKind, Step, Work, testing,
};

pub(super) fn execute(history: &History, options: &Explain) -> Result<(), Error> {
    let Some(migration) = history.find(options.version) else {
        return Err(super::sql::unknown(options.version));
    };
    if options.json {
        output::line(format_args!("{:#}", as_json(migration)));
    } else {
        as_text(migration);
    }
    Ok(())
}

fn as_text(migration: &Migration) {
    output::line(format_args!("{} {}", migration.version, output::escape(migration.name)));
    migration.limits.attributes().iter().for_each(output::line);
    if let Some(class) = migration.revert_class() {
        output::line(format_args!("a revert is {}", class.name()));
        for line in migration.reverting_lines() {
            output::line(output::faint(&format!("  it {}", output::escape(&line))));
        }
    }
    segments_text("up", migration.up);
    match migration.down {
        Some(segments) => segments_text("down", segments),
        None => {
            let reason = output::escape(migration.irreversible.unwrap_or("no reason is given"));
            output::line(format_args!("\nno down: {reason}"));
        }
    }
}

fn segments_text(direction: &str, segments: &[Segment]) {
    if segments.iter().all(|segment| segment.steps.is_empty()) {
        output::line(format_args!("\n{direction}: nothing"));
    }
    for (index, segment) in segments.iter().enumerate() {
        let (number, total) = (index + 1, segments.len());
        let kind = testing::kind_text(&segment.kind);
        output::line(format_args!("\n{direction} {number} of {total}: {kind}"));
        for step in segment.steps {
            output::line(format_args!(
                "  {}",
                output::escape(&testing::sql_text(step)).replace('\n', "\n  ")
            ));
            for line in step_lines(step) {
                output::line(output::faint(&format!("    {line}")));
            }
        }
    }
}

fn step_lines(step: &Step) -> Vec<String> {
    match step.locks {
        None if step.function.is_some() => {
            vec!["Rust: what it does and locks is not known".to_owned()]
        }
        None => vec!["raw SQL: what it locks is not known".to_owned()],
        Some([]) => vec!["blocks nobody".to_owned()],
        Some(locks) => locks.iter().map(lock_line).collect(),
    }
}

fn lock_line(lock: &Lock) -> String {
    let blocks = match (lock.mode.blocks_reads(), lock.mode.blocks_writes()) {
        (true, _) => "blocks reads and writes",
        (false, true) => "blocks writes",
        (false, false) => "blocks neither reads nor writes",
    };
    let work = lock.work.words().map_or(String::new(), |words| format!(" while it {words}"));
    format!("{} on {}: {blocks}{work}", lock.mode.name(), output::escape(lock.relation))
}

pub(super) fn as_json(migration: &Migration) -> Value {
    json!({
        "version": migration.version,
        "name": migration.name,
        "irreversible": migration.irreversible,
        "revert": migration.revert_class().map(|class| revert_json(class, migration)),
        "limits": limits_json(&migration.limits),
        "up": segments_json(migration.up),
        "down": migration.down.map(segments_json),
    })
}

/// What can come of a revert.
fn revert_json(class: RevertClass, migration: &Migration) -> Value {
    let risk = |risk: &Risk| {
        let kind = match risk.kind {
            RiskKind::Fails => "fails",
            RiskKind::Unknown => "unknown",
            RiskKind::Loses => "loses",
        };
        json!({ "kind": kind, "text": risk.text })
    };
    let deleted = |loss: &Loss| match loss {
        Loss::Table { table } => json!({ "table": table, "column": null }),
        Loss::Column { table, column } => json!({ "table": table, "column": column }),
    };
    json!({
        "class": class.name(),
        "deletes": migration.lost_on_revert.iter().map(deleted).collect::<Vec<_>>(),
        "risks": migration.risks_of_revert.iter().map(risk).collect::<Vec<_>>(),
    })
}

/// Times in milliseconds, `null` where the migration says nothing.
fn limits_json(limits: &Limits) -> Value {
    let milliseconds = |time: Option<std::time::Duration>| time.map(|time| time.as_millis() as u64);
    json!({
        "lock_timeout": milliseconds(limits.lock_timeout),
        "statement_timeout": milliseconds(limits.statement_timeout),
        "idle_in_transaction_session_timeout": milliseconds(limits.idle_in_transaction_session_timeout),
        "attempts": limits.attempts,
    })
}

fn segments_json(segments: &[Segment]) -> Vec<Value> {
    let segment = |segment: &Segment| {
        let kind = match segment.kind {
            SegmentKind::Transaction => "transaction",
            SegmentKind::Outside => "outside",
            SegmentKind::Batches(_) => "batches",
        };
        json!({ "kind": kind, "statements": segment.steps.iter().map(step_json).collect::<Vec<_>>() })
    };
    segments.iter().map(segment).collect()
}

fn step_json(step: &Step) -> Value {
    let locks = step.locks.map(|locks| locks.iter().map(lock_json).collect::<Vec<_>>());
    let function = step.function.map(|function| function.path);
    json!({ "description": step.description, "sql": step.sql, "function": function, "locks": locks })
}

fn lock_json(lock: &Lock) -> Value {
    json!({
        "relation": lock.relation,
        "mode": lock.mode.name(),
        "blocks_reads": lock.mode.blocks_reads(),
        "blocks_writes": lock.mode.blocks_writes(),
        "scans": lock.work >= Work::Scan,
        "builds_index": lock.work == Work::Index,
        "rewrites": lock.work == Work::Rewrite,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LockMode;

    fn step(locks: Option<&'static [Lock]>) -> Step {
        Step { description: "", sql: "", locks, function: None }
    }

    const BUILT: Lock = Lock { relation: "users", mode: LockMode::Share, work: Work::Index };
    const ALTERED: Lock =
        Lock { relation: "\"Users\"", mode: LockMode::AccessExclusive, work: Work::Nothing };

    #[test]
    fn says_whom_a_statement_blocks() {
        assert_eq!(step_lines(&step(None)), ["raw SQL: what it locks is not known"]);
        let function = Some(crate::Function { path: "steps::fill", call: |_| Ok(()) });
        let called = Step { function, ..step(None) };
        assert_eq!(step_lines(&called), ["Rust: what it does and locks is not known"]);
        assert_eq!(step_json(&called)["function"], "steps::fill");
        assert_eq!(step_lines(&step(Some(&[]))), ["blocks nobody"]);
        assert_eq!(
            step_lines(&step(Some(&[BUILT, ALTERED]))),
            [
                "SHARE on users: blocks writes while it builds an index",
                "ACCESS EXCLUSIVE on \"Users\": blocks reads and writes",
            ]
        );
    }

    #[test]
    fn tells_programs_what_is_locked() {
        assert!(step_json(&step(None))["locks"].is_null());
        let json = step_json(&step(Some(&[BUILT])));
        let lock = &json["locks"][0];
        assert_eq!(lock["mode"], "SHARE");
        assert_eq!((&lock["blocks_reads"], &lock["blocks_writes"]), (&json!(false), &json!(true)));
        assert_eq!((&lock["builds_index"], &lock["rewrites"]), (&json!(true), &json!(false)));
    }

    #[test]
    fn tells_programs_what_can_come_of_a_revert() {
        let migration = Migration {
            version: 1,
            name: "Make",
            text: "",
            file: "m1_make",
            checksum: [0; 32],
            up: &[],
            down: Some(&[]),
            irreversible: None,
            lost_on_revert: &[],
            risks_of_revert: &[],
            replaces: &[],
            limits: Limits::NONE,
        };
        let revert = |migration: &Migration| as_json(migration)["revert"].clone();
        assert_eq!(revert(&migration), json!({ "class": "total", "deletes": [], "risks": [] }));
        const RISK: Risk = Risk { kind: RiskKind::Fails, text: "fails where c of t is null" };
        let failing = Migration { risks_of_revert: &[RISK], ..migration };
        let risk = json!({ "kind": "fails", "text": "fails where c of t is null" });
        let json = json!({ "class": "data-dependent", "deletes": [], "risks": [risk] });
        assert_eq!(revert(&failing), json);
        const LOSS: Loss = Loss::Column { table: "t", column: "c" };
        let lossy = Migration { lost_on_revert: &[LOSS], ..failing };
        assert_eq!(revert(&lossy)["class"], "lossy");
        assert_eq!(revert(&lossy)["deletes"], json!([{ "table": "t", "column": "c" }]));
        let irreversible = Migration { down: None, irreversible: Some("gone"), ..migration };
        assert!(revert(&irreversible).is_null());
    }
}
