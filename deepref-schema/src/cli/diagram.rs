//! `diagram`: the schema, or what one migration changes, as a picture.

use deepref_schema_core::schema::Schema;

use super::arguments::{Diagram, DiagramFormat};
use super::{output, sources};
use crate::diagram::{self, Renamed};
use crate::{Error, History};

pub(super) fn execute(history: &History, options: &Diagram) -> Result<(), Error> {
    let text = match options.migration {
        None => whole(history, options.format)?,
        Some(version) => change(history, version, options.format)?,
    };
    output::line(output::escape(text.trim_end()));
    Ok(())
}

fn whole(history: &History, format: DiagramFormat) -> Result<String, Error> {
    let schema = history.schema();
    Ok(match format {
        DiagramFormat::Mermaid => diagram::mermaid(&schema),
        DiagramFormat::Svg => diagram::svg(&schema),
    })
}

fn change(history: &History, version: i64, format: DiagramFormat) -> Result<String, Error> {
    let at = history.migrations.iter().position(|migration| migration.version == version);
    let at = at.ok_or_else(|| Error::Usage {
        problem: format!("there is no migration {version}"),
        help: "`cargo migrate show` lists them".into(),
    })?;
    let schemas = sources::schemas(history)?;
    let mut before = match at.checked_sub(1) {
        None => Schema::empty(),
        Some(before) => schemas[before].clone(),
    };
    let after = &schemas[at];
    let renamed = renamed(history, at, &mut before)?;
    Ok(match format {
        DiagramFormat::Mermaid => diagram::mermaid_renamed(&before, after, &renamed),
        DiagramFormat::Svg => diagram::svg_renamed(&before, after, &renamed),
    })
}

/// What a migration renames, which is renamed in the schema before it.
fn renamed(history: &History, at: usize, before: &mut Schema) -> Result<Renamed, Error> {
    let written = sources::written(history)?;
    let items = written.migrations.get(at).into_iter().flat_map(|(_, migration)| &migration.up);
    Ok(Renamed::of(items.map(|item| &item.operation), before))
}
