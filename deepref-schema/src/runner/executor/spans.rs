//! The spans of `tracing`, and how those of the statements of one message end
//! when their statements do.
//!
//! A server keeps short answers until the whole message is done. So where
//! somebody listens to statements, something long is asked for between them:
//! what the server had kept arrives with it. That costs no round trip, and
//! where nobody listens nothing is asked for.

use tracing::{Level, Span};

use super::super::script::{Message, Role, Script};
use super::super::work::WorkStep;

/// An answer that is longer than what a server keeps, which is 8 kB.
const FLUSH: &str = "SELECT pg_catalog.repeat(' ', 8192)";

/// The span of the statement that runs, within one message.
pub(super) struct StatementSpan<'a> {
    message: &'a Message,
    steps: &'a [WorkStep],
    current: Option<Span>,
}

pub(super) fn of_segment(number: usize, total: usize) -> Span {
    tracing::info_span!(target: "deepref_schema", "segment", number, total)
}

pub(in crate::runner) fn of_statement(step: &WorkStep) -> Span {
    let description = step.description.as_str();
    tracing::debug_span!(target: "deepref_schema", "statement", description)
}

/// Adds the steps of a segment.
pub(super) fn push_steps(script: &mut Script, steps: &[WorkStep]) {
    let is_heard = tracing::span_enabled!(target: "deepref_schema", Level::DEBUG);
    for (number, step) in steps.iter().enumerate() {
        if let Some(function) = step.function {
            script.call(number, function);
            continue;
        }
        if is_heard {
            script.push(Role::Flush, FLUSH);
        }
        script.push(Role::Step(number), &step.sql);
    }
    if is_heard && !steps.is_empty() {
        script.push(Role::Flush, FLUSH);
    }
}

impl<'a> StatementSpan<'a> {
    pub(super) fn of(message: &'a Message, steps: &'a [WorkStep]) -> StatementSpan<'a> {
        StatementSpan { message, steps, current: None }
    }

    /// So many statements of the message have completed. That of a step is
    /// heard of when the flush after it runs, and then the next step begins.
    pub(super) fn advance(&mut self, completed: usize) {
        match self.message.role(completed) {
            Some(Role::Step(_)) => {}
            Some(Role::Flush) => {
                // one ends before the next one begins
                self.current = None;
                self.current = match self.message.role(completed + 1) {
                    Some(Role::Step(number)) => self.steps.get(number).map(of_statement),
                    _ => None,
                };
            }
            _ => self.current = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_nothing_where_nobody_listens() {
        let mut script = Script::default();
        push_steps(&mut script, &[WorkStep::sql("one", "SELECT 1".into())]);
        assert_eq!(script.message().text(), "SELECT 1\n;\n");
    }
}
