//! What is wrong with a migration, and how to mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::origin::Origin;
use crate::schema::Stored;

/// One mistake, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of the rule, in snake case; part of the message, and
    /// what `#[allow(…)]` names.
    pub rule: &'static str,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// The token it is about.
    pub origin: Origin,
    /// What to write instead.
    pub help: Option<String>,
    /// Where the other party stands.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A finding of a rule.
    pub fn new(rule: &'static str, origin: Origin, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), origin, help: None, notes: Vec::new() }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a fact about the other party.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The text under the caret: message, rule, help and notes.
    pub fn text(&self) -> String {
        let mut text = format!("{} [{}]", self.message, self.rule);
        if self.help.is_some() || !self.notes.is_empty() {
            text.push('\n');
        }
        if let Some(help) = &self.help {
            text.push_str("\nhelp: ");
            text.push_str(help);
        }
        for note in &self.notes {
            text.push_str("\nnote: ");
            text.push_str(note);
        }
        text
    }
}

/// The findings of a fold so far, and the names that are in doubt.
///
/// A name in doubt was reported once, or was touched by raw SQL: what depends
/// on it is not reported again.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings, in the order they were made.
    pub diagnostics: Vec<Diagnostic>,
    /// Who waits while statements take time, kept apart: who that concerns is
    /// not known here.
    pub blocking: Vec<Diagnostic>,
    doubts: BTreeSet<String>,
    /// The names that raw SQL holds: it may have made or dropped them.
    words: Arc<BTreeSet<String>>,
    everything: bool,
}

impl Report {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a finding about a name, unless the name is in doubt already;
    /// afterwards it is.
    pub fn push_once(&mut self, name: impl Into<String>, diagnostic: Diagnostic) {
        let name = name.into();
        if !self.doubts(&name) {
            self.doubts.insert(name);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Puts a name in doubt.
    pub fn doubt(&mut self, name: impl Into<String>) {
        self.doubts.insert(name.into());
    }

    /// Puts every object in doubt whose name is one of these words of raw SQL.
    pub fn doubt_words(&mut self, words: impl IntoIterator<Item = String>) {
        Arc::make_mut(&mut self.words).extend(words);
    }

    /// Puts every name in doubt: raw SQL ran code that the model can not read.
    pub fn doubt_everything(&mut self) {
        self.everything = true;
    }

    /// The names in doubt as bytes.
    pub(crate) fn write_doubts(&self, bytes: &mut Vec<u8>) {
        let Self { diagnostics: _, blocking: _, doubts, words, everything } = self;
        for names in [doubts, words.as_ref()] {
            names.iter().cloned().collect::<Vec<String>>().write(bytes);
        }
        everything.write(bytes);
    }

    /// A report without findings, with the names in doubt from bytes.
    pub(crate) fn read_doubts(bytes: &mut &[u8]) -> Option<Self> {
        let mut names = || Some(Vec::<String>::read(bytes)?.into_iter().collect());
        let (doubts, words) = (names()?, Arc::new(names()?));
        let everything = bool::read(bytes)?;
        Some(Self { doubts, words, everything, ..Self::default() })
    }

    /// Whether a name is in doubt.
    pub fn doubts(&self, name: &str) -> bool {
        self.doubts_by_sql(name) || self.doubts.contains(name)
    }

    /// Whether raw SQL can have made or dropped what has this name.
    pub fn doubts_by_sql(&self, name: &str) -> bool {
        let word = name.rsplit(['.', ' ']).next().unwrap_or(name);
        self.everything || self.words.contains(word)
    }

    /// The doubts, without the findings.
    #[must_use]
    pub fn without_findings(&self) -> Self {
        Self { diagnostics: Vec::new(), blocking: Vec::new(), ..self.clone() }
    }
}
