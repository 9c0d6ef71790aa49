//! How a mistake travels to the place that goes on after it.

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::origin::Origin;

/// The rule of all mistakes in the grammar.
pub(crate) const SYNTAX: &str = "syntax";

pub(crate) type Parse<T> = Result<T, Stop>;

/// Why a part could not be read.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A mistake to report.
    Mistake(Box<Diagnostic>),
    /// A token that Rust's own lexer has reported already.
    Reported,
}

impl Stop {
    pub(crate) fn new(origin: Origin, message: impl Into<String>) -> Self {
        Self::of(SYNTAX, origin, message)
    }

    pub(crate) fn of(rule: &'static str, origin: Origin, message: impl Into<String>) -> Self {
        Self::Mistake(Box::new(Diagnostic::new(rule, origin, message)))
    }

    /// Adds what to write instead, unless that was said already.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        match self {
            Self::Mistake(diagnostic) if diagnostic.help.is_none() => {
                Self::Mistake(Box::new(diagnostic.help(help)))
            }
            other => other,
        }
    }
}

/// The mistakes so far.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether something could not be read, reported or not.
    pub(crate) broken: bool,
}

impl Errors {
    pub(crate) fn push(&mut self, stop: Stop) {
        self.broken = true;
        if let Stop::Mistake(diagnostic) = stop {
            self.diagnostics.push(*diagnostic);
        }
    }

    /// Keeps the mistake, and goes on without the value.
    pub(crate) fn keep<T>(&mut self, parsed: Parse<T>) -> Option<T> {
        parsed.map_err(|stop| self.push(stop)).ok()
    }
}
