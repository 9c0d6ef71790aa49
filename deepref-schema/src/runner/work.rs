//! What is to be done: one migration in one direction, as owned text, so
//! that a plan from the program and one from the ledger are the same thing.

use crate::migration::{Migration, Segment, SegmentKind, Step};
use crate::{Function, Limits};

/// One migration in one direction.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) version: i64,
    /// The name as the ledger holds it.
    pub(super) name: String,
    pub(super) up: bool,
    pub(super) checksum: Option<[u8; 32]>,
    pub(super) segments: Vec<WorkSegment>,
    /// The rendered down plan, as JSON.
    pub(super) down_plan: Option<String>,
    /// What the migration says instead of the options.
    pub(super) limits: Limits,
}

/// A segment of it.
#[derive(Debug, Clone)]
pub(super) struct WorkSegment {
    pub(super) kind: SegmentKind,
    pub(super) steps: Vec<WorkStep>,
}

/// A statement of it.
#[derive(Debug, Clone)]
pub(super) struct WorkStep {
    pub(super) description: String,
    pub(super) sql: String,
    /// The function that is called instead.
    pub(super) function: Option<Function>,
}

impl Work {
    /// What applies a migration.
    pub(super) fn up(migration: &Migration) -> Work {
        Work::of(migration, true, migration.up)
    }

    /// What reverts a migration; `None` where it is irreversible.
    pub(super) fn down(migration: &Migration) -> Option<Work> {
        migration.down.map(|segments| Work::of(migration, false, segments))
    }

    /// What a seed does, for messages: its statements are known once its stored
    /// texts were read.
    pub(super) fn seed(name: &str) -> Work {
        Work {
            version: 0,
            name: format!("seed {name}"),
            up: true,
            checksum: None,
            segments: Vec::new(),
            down_plan: None,
            limits: Limits::default(),
        }
    }

    fn of(migration: &Migration, up: bool, segments: &[Segment]) -> Work {
        Work {
            version: migration.version,
            name: migration.ledger_name(),
            up,
            checksum: Some(migration.checksum),
            segments: segments.iter().map(WorkSegment::of).collect(),
            down_plan: migration.down.map(down_plan),
            limits: migration.limits,
        }
    }

    /// Whether everything happens in one transaction.
    pub(super) fn is_single(&self) -> bool {
        match self.segments.as_slice() {
            [] => true,
            [only] => matches!(only.kind, SegmentKind::Transaction),
            _ => false,
        }
    }
}

impl WorkStep {
    /// A statement.
    pub(super) fn sql(description: &str, sql: String) -> WorkStep {
        WorkStep { description: description.into(), sql, function: None }
    }
}

impl WorkSegment {
    fn of(segment: &Segment) -> WorkSegment {
        let step = |step: &Step| WorkStep {
            description: step.description.into(),
            sql: step.sql.into(),
            function: step.function,
        };
        WorkSegment { kind: segment.kind, steps: segment.steps.iter().map(step).collect() }
    }

    /// A segment of a stored plan.
    pub(super) fn stored(kind: &str) -> WorkSegment {
        let kind = if kind == "outside" { SegmentKind::Outside } else { SegmentKind::Transaction };
        WorkSegment { kind, steps: Vec::new() }
    }
}

/// The plan as the ledger stores it. A batched update is stored as the one
/// statement that it amounts to. One with functions is stored as their names
/// alone: it is nothing without the program.
fn down_plan(segments: &[Segment]) -> String {
    let steps = segments.iter().flat_map(|segment| segment.steps);
    let functions: Vec<_> = steps.filter_map(|step| step.function).collect();
    if !functions.is_empty() {
        let names: Vec<_> = functions.iter().map(|function| json_string(function.path)).collect();
        return format!("{{\"format\":1,\"functions\":[{}],\"segments\":[]}}", names.join(","));
    }
    let segments: Vec<_> = segments.iter().map(segment_json).collect();
    format!("{{\"format\":1,\"segments\":[{}]}}", segments.join(","))
}

fn segment_json(segment: &Segment) -> String {
    let kind = if matches!(segment.kind, SegmentKind::Outside) { "outside" } else { "transaction" };
    let step = |step: &Step| {
        format!(
            "{{\"description\":{},\"sql\":{}}}",
            json_string(step.description),
            json_string(step.sql)
        )
    };
    let steps: Vec<_> = segment.steps.iter().map(step).collect();
    format!("{{\"kind\":\"{kind}\",\"steps\":[{}]}}", steps.join(","))
}

fn json_string(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            control if control < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_json() {
        let step = Step { description: "a \"b\"", sql: "x\n\\y", locks: None, function: None };
        let steps: &'static [Step] = Box::leak(Box::new([step]));
        let plan = down_plan(&[Segment { kind: SegmentKind::Outside, steps }]);
        assert_eq!(
            plan,
            r#"{"format":1,"segments":[{"kind":"outside","steps":[{"description":"a \"b\"","sql":"x\u000a\\y"}]}]}"#
        );
    }

    #[test]
    fn a_plan_with_functions_is_their_names() {
        let function = Some(Function { path: "steps::undo", call: |_| Ok(()) });
        let sql = Step { description: "", sql: "SELECT 1", locks: None, function: None };
        let steps: &'static [Step] =
            Box::leak(Box::new([sql, Step { sql: "-- run steps::undo", function, ..sql }]));
        let plan = down_plan(&[Segment { kind: SegmentKind::Transaction, steps }]);
        assert_eq!(plan, r#"{"format":1,"functions":["steps::undo"],"segments":[]}"#);
    }
}
