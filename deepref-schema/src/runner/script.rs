//! The messages of a transaction, and the way back from an error to the
//! statement that caused it.

use super::connection::{Failed, Failure};
use crate::Function;

/// What a statement of a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The runner's own: transaction, settings, ledger.
    Own,
    /// The check that this session holds the lock and is in one transaction.
    Fence,
    /// The insert of the ledger's row: its failure means that somebody else
    /// was faster.
    Claim,
    /// A step of the segment, by number.
    Step(usize),
    /// Makes the server send what it has: see `executor/spans.rs`.
    Flush,
    /// The end of the transaction, where deferred constraints are checked.
    Commit,
}

/// A transaction under construction: one message, or several with the calls of
/// functions between them.
#[derive(Default)]
pub(super) struct Script {
    /// The messages before the last one, each with the step after it, and the
    /// function that it calls.
    earlier: Vec<(Message, usize, Function)>,
    message: Message,
}

/// A message of many statements.
#[derive(Default)]
pub(super) struct Message {
    text: String,
    characters: usize,
    parts: Vec<(Role, usize)>,
}

impl Script {
    /// Adds one statement.
    pub(super) fn push(&mut self, role: Role, sql: &str) -> &mut Script {
        self.message.push(role, sql);
        self
    }

    /// Adds the call of the function of a step.
    pub(super) fn call(&mut self, step: usize, function: Function) {
        self.earlier.push((std::mem::take(&mut self.message), step, function));
    }

    /// The messages before the last one, each with the step after it, and the
    /// function that it calls.
    pub(super) fn earlier(&self) -> &[(Message, usize, Function)] {
        &self.earlier
    }

    /// The number of the last statement that was added to the last message.
    pub(super) fn last(&self) -> usize {
        self.message.parts.len() - 1
    }

    /// The last message.
    pub(super) fn message(&self) -> &Message {
        &self.message
    }
}

impl Message {
    /// Adds one statement. A newline before the semicolon, because a comment
    /// at the end of raw SQL would swallow it.
    fn push(&mut self, role: Role, sql: &str) {
        self.parts.push((role, self.characters));
        for piece in [sql, "\n;\n"] {
            self.text.push_str(piece);
            self.characters += piece.chars().count();
        }
    }

    /// The whole message.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What the statement with this number is for, from 0.
    pub(super) fn role(&self, number: usize) -> Option<Role> {
        self.parts.get(number).map(|(role, _)| *role)
    }

    /// Which statement failed, and where in it, in characters from 0.
    ///
    /// Errors with a position name a character of the whole message; others
    /// are found by counting the statements that completed.
    pub(super) fn locate(&self, failed: &Failed) -> (Role, Option<usize>) {
        let offset = match &failed.failure {
            Failure::Server(error) => error.offset(),
            _ => None,
        };
        if let Some(offset) = offset {
            let part = self.parts.iter().rev().find(|(_, start)| *start <= offset);
            if let Some((role, start)) = part {
                return (*role, Some(offset - start));
            }
        }
        (self.role(failed.completed).unwrap_or(Role::Commit), None)
    }
}

/// Line and column, from 1, of a character of a text.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before: Vec<char> = text.chars().take(offset).collect();
    let line = before.iter().filter(|character| **character == '\n').count();
    let column = before.iter().rev().take_while(|character| **character != '\n').count();
    (line + 1, column + 1)
}

#[cfg(test)]
mod tests {
    use super::super::connection::ServerError;
    use super::*;

    fn failed(completed: usize, position: Option<u32>) -> Failed {
        let error = ServerError { sqlstate: "42601".into(), position, ..ServerError::default() };
        Failed { completed, failure: Failure::Server(Box::new(error)) }
    }

    #[test]
    fn finds_the_statement() {
        let mut script = Script::default();
        script
            .push(Role::Own, "BEGIN")
            .push(Role::Step(0), "é\nx")
            .push(Role::Step(1), "b")
            .push(Role::Commit, "COMMIT");
        let script = script.message();
        assert_eq!(script.locate(&failed(1, None)), (Role::Step(0), None));
        assert_eq!(script.locate(&failed(3, None)), (Role::Commit, None));
        let position =
            script.text().chars().position(|character| character == 'x').unwrap() as u32 + 1;
        assert_eq!(script.locate(&failed(0, Some(position))), (Role::Step(0), Some(2)));
    }

    #[test]
    fn a_call_ends_a_message() {
        let mut script = Script::default();
        let function = Function { path: "work", call: |_| Ok(()) };
        script.push(Role::Own, "BEGIN").call(0, function);
        script.push(Role::Step(1), "a").push(Role::Commit, "COMMIT");
        let [(first, 0, _)] = script.earlier() else { panic!("there is one call") };
        assert_eq!(first.text(), "BEGIN\n;\n");
        assert_eq!(first.locate(&failed(0, None)).0, Role::Own);
        assert_eq!(script.message().text(), "a\n;\nCOMMIT\n;\n");
        assert_eq!(script.message().locate(&failed(0, None)).0, Role::Step(1));
    }

    #[test]
    fn counts_lines_and_columns() {
        assert_eq!(line_and_column("é\nx", 2), (2, 1));
        assert_eq!(line_and_column("ab", 1), (1, 2));
    }
}
