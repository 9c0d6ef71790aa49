//! Binary search in sorted text: one row a line, fields separated by tabs.

use super::Majors;
use std::cmp::Ordering;

/// A sorted text. Tabs sort before every other character in it, so whole lines
/// sort as their fields do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    text: &'static str,
}

impl Table {
    pub(super) const fn new(text: &'static str) -> Table {
        Table { text }
    }

    /// The rows whose first fields are these.
    pub(super) fn rows(self, key: &[&str]) -> impl Iterator<Item = Row> + use<> {
        let first = &self.text[self.lower_bound(key)..];
        let lines = first.lines().take_while(|line| compare(line, key).is_eq());
        // Each line ends with a line feed, which `lines` takes off.
        let length: usize = lines.map(|line| line.len() + 1).sum();
        first[..length].lines().map(Row::new)
    }

    /// Every row, in order.
    pub(super) fn all(self) -> impl Iterator<Item = Row> + use<> {
        self.text.lines().map(Row::new)
    }

    /// Where the first line starts that does not sort before the key.
    fn lower_bound(self, key: &[&str]) -> usize {
        let (mut low, mut high) = (0, self.text.len());
        // Both always are starts of lines, or the end.
        while low < high {
            let middle = low + (high - low) / 2;
            let start = self.text[low..middle].rfind('\n').map_or(low, |end| low + end + 1);
            let end = self.text[middle..].find('\n').map_or(self.text.len(), |end| middle + end);
            match compare(&self.text[start..end], key) {
                Ordering::Less => low = (end + 1).min(high),
                Ordering::Equal | Ordering::Greater => high = start,
            }
        }
        low
    }
}

/// How the line's first fields sort against the key.
fn compare(line: &str, key: &[&str]) -> Ordering {
    let mut rest = line;
    for part in key {
        let end = rest.find('\t').unwrap_or(rest.len());
        match rest[..end].cmp(part) {
            Ordering::Equal => rest = rest.get(end + 1..).unwrap_or(""),
            other => return other,
        }
    }
    Ordering::Equal
}

/// One row, whose fields are taken from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    rest: &'static str,
}

impl Row {
    fn new(line: &'static str) -> Row {
        Row { rest: line }
    }

    /// The next field, as it is.
    pub(super) fn text(&mut self) -> &'static str {
        let (field, rest) = self.rest.split_once('\t').unwrap_or((self.rest, ""));
        self.rest = rest;
        field
    }

    /// The next field, unless it is empty.
    pub(super) fn optional(&mut self) -> Option<&'static str> {
        Some(self.text()).filter(|field| !field.is_empty())
    }

    /// The last field of every row.
    pub(super) fn majors(&mut self) -> Majors {
        Majors::parse(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table = Table::new("a\tx\t1\na\ty\t2\na b\tx\t3\nb\tx\t4\nbb\tx\t5\n");

    fn found(key: &[&str]) -> Vec<&'static str> {
        TABLE.rows(key).map(|row| row.rest.rsplit('\t').next().unwrap()).collect()
    }

    #[test]
    fn rows_are_found_by_their_first_fields() {
        assert_eq!(found(&["a"]), ["1", "2"]);
        assert_eq!(found(&["a", "y"]), ["2"]);
        assert_eq!(found(&["a b"]), ["3"]);
        assert_eq!(found(&["b"]), ["4"]);
        assert_eq!(found(&["bb", "x"]), ["5"]);
        for absent in ["", "A", "aa", "b ", "c"] {
            assert!(found(&[absent]).is_empty(), "`{absent}`");
        }
        assert!(Table::new("").rows(&["a"]).next().is_none());
    }

    #[test]
    fn every_row_of_every_file_is_found() {
        for (name, text) in FILES {
            assert!(text.is_ascii() && text.ends_with('\n'), "{name}");
            let table = Table::new(text);
            let mut previous = "";
            for line in text.lines() {
                assert!(previous < line, "{name} is not sorted at `{line}`");
                previous = line;
                let key = line.split('\t').next().unwrap();
                assert!(
                    table.rows(&[key]).any(|row| row.rest == line),
                    "{name}: `{line}` is not found"
                );
            }
        }
    }

    const FILES: &[(&str, &str)] = &[
        ("access_methods", include_str!("access_methods.tsv")),
        ("aliases", include_str!("aliases.tsv")),
        ("casts", include_str!("casts.tsv")),
        ("collations", include_str!("collations.tsv")),
        ("extensions", include_str!("extensions.tsv")),
        ("functions", include_str!("functions.tsv")),
        ("icu_collations", include_str!("icu_collations.tsv")),
        ("keywords", include_str!("keywords.tsv")),
        ("operator_classes", include_str!("operator_classes.tsv")),
        ("operators", include_str!("operators.tsv")),
        ("relations", include_str!("relations.tsv")),
        ("text_search_configurations", include_str!("text_search_configurations.tsv")),
        ("types", include_str!("types.tsv")),
    ];
}
