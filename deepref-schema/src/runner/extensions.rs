//! Extensions that were there before a migration asked for them: its revert
//! leaves them where they are.

use deepref_schema_core::ident::literal;

use super::words::Words;
use super::work::Work;

/// An expression for those of the work's extensions that exist already.
pub(super) fn found(work: &Work) -> String {
    let statements = work.segments.iter().flat_map(|segment| &segment.steps);
    let created: Vec<_> =
        statements.filter_map(|step| extension(&step.sql, "create")).map(|e| literal(&e)).collect();
    if !work.up || created.is_empty() {
        return "NULL".into();
    }
    format!(
        "(SELECT pg_catalog.array_agg(extname::text ORDER BY extname) FROM pg_catalog.pg_extension WHERE extname IN ({}))",
        created.join(", ")
    )
}

/// Takes the statements out that would drop what was found. Segments keep
/// their numbers.
pub(super) fn keep(mut work: Work, found: &[String]) -> Work {
    let drops = |sql: &str| extension(sql, "drop").is_some_and(|name| found.contains(&name));
    for segment in &mut work.segments {
        segment.steps.retain(|step| !drops(&step.sql));
    }
    work
}

/// Makes extensions in `public`, where many schemas of one database share
/// them; the first schema of the search path would keep them for itself.
pub(super) fn share(mut work: Work) -> Work {
    for step in work.segments.iter_mut().flat_map(|segment| &mut segment.steps) {
        let names_schema = Words::of(&step.sql).skip(2).any(|word| word.is_keyword("schema"));
        if extension(&step.sql, "create").is_some() && !names_schema {
            step.sql.push_str(" SCHEMA public");
        }
    }
    work
}

/// The name in `create extension [if not exists] name`, and with `drop`.
fn extension(sql: &str, verb: &str) -> Option<String> {
    let mut words = Words::of(sql);
    if !(words.accept(verb) && words.accept("extension")) {
        return None;
    }
    if words.accept("if") {
        words.accept("not");
        words.accept("exists");
    }
    words.next().map(|word| word.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names() {
        let name = |sql: &str, verb: &str| extension(sql, verb).unwrap_or_default();
        assert_eq!(name("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", "create"), "uuid-ossp");
        assert_eq!(name("DROP EXTENSION citext", "drop"), "citext");
        assert_eq!(name("DROP TABLE citext", "drop"), "");
    }
}
