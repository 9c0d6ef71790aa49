//! `[workspace.metadata.deepref]` and `[package.metadata.deepref]` in a
//! `Cargo.toml`: where the history and the entities are.

/// What a `Cargo.toml` says about entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The list of the migrations, relative to the manifest.
    pub history: Option<String>,
    /// The folders of the entities, relative to the manifest.
    pub entities: Option<Vec<String>>,
}

impl Metadata {
    /// Reads the text of a manifest; `of` is `workspace` or `package`.
    ///
    /// Only this table is read, in its usual form: a header, then keys with
    /// strings or lists of strings.
    pub fn read(manifest: &str, of: &str) -> Self {
        let header = format!("[{of}.metadata.deepref]");
        let mut metadata = Self::default();
        let mut lines = manifest.lines().map(|line| without_comment(line).trim().to_owned());
        if !lines.any(|line| line.replace(' ', "") == header) {
            return metadata;
        }
        while let Some(line) = lines.next().filter(|line| !line.starts_with('[')) {
            let Some((key, value)) = line.split_once('=') else { continue };
            let mut value = value.trim().to_owned();
            while value.starts_with('[') && !value.ends_with(']') {
                let Some(more) = lines.next() else { break };
                value.push_str(&more);
            }
            let strings = strings(&value);
            match key.trim() {
                "history" => metadata.history = strings.into_iter().next(),
                "entities" => metadata.entities = Some(strings),
                _ => {}
            }
        }
        metadata
    }
}

/// A line up to a `#` that stands in no string.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, char) in line.char_indices() {
        match (quote, char) {
            (None, '#') => return &line[..at],
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), char) if open == char => quote = None,
            _ => {}
        }
    }
    line
}

/// The strings in a value.
fn strings(value: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find(['"', '\'']) {
        let (quote, inner) = rest[start..].split_at(1);
        let Some(end) = inner.find(quote) else { break };
        strings.push(inner[..end].replace("\\\\", "\\"));
        rest = &inner[end + 1..];
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_table_is_read() {
        let manifest = "[package]\nname = \"a\"\nhistory = \"no\"\n\n\
            [workspace.metadata.deepref] # ours\n\
            history = \"migrations/src/history.rs\" # the list\n\
            entities = [\n  \"app/src/entities\", # one\n  'core/src',\n]\n\n\
            [dependencies]\nentities = \"no\"\n";
        let metadata = Metadata::read(manifest, "workspace");
        assert_eq!(metadata.history.as_deref(), Some("migrations/src/history.rs"));
        let folders = vec!["app/src/entities".to_owned(), "core/src".to_owned()];
        assert_eq!(metadata.entities, Some(folders));
        assert_eq!(Metadata::read(manifest, "package"), Metadata::default());
    }
}
