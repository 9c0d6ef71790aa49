//! Diagrams of a schema: tables, columns, keys, and who refers to whom.
//!
//! ```
//! # use deepref_schema::History;
//! # fn of(history: &History) -> String {
//! let schema = history.schema();
//! let text = deepref_schema::diagram::mermaid(&schema);
//! # text }
//! ```

mod layout;
mod mermaid;
mod picture;
mod renamed;
mod svg;

use deepref_schema_core::schema::Schema;

use picture::Picture;
pub(crate) use renamed::Renamed;

/// A schema as a Mermaid `erDiagram`.
pub fn mermaid(schema: &Schema) -> String {
    mermaid::write(&Picture::of(schema))
}

/// A schema as an SVG image.
pub fn svg(schema: &Schema) -> String {
    svg::write(&Picture::of(schema))
}

/// What a migration changes, as a Mermaid `erDiagram`: the tables that differ
/// between two schemas, and those that they refer to.
pub fn mermaid_change(before: &Schema, after: &Schema) -> String {
    mermaid_renamed(before, after, &Renamed::default())
}

/// The same of a schema in which was renamed what the migration renames.
pub(crate) fn mermaid_renamed(before: &Schema, after: &Schema, renamed: &Renamed) -> String {
    mermaid::write(&Picture::between(before, after, renamed))
}

/// What a migration changes, as an SVG image: what is new is green, what is
/// gone is red, what is another is yellow.
pub fn svg_change(before: &Schema, after: &Schema) -> String {
    svg_renamed(before, after, &Renamed::default())
}

/// The same of a schema in which was renamed what the migration renames.
pub(crate) fn svg_renamed(before: &Schema, after: &Schema, renamed: &Renamed) -> String {
    svg::write(&Picture::between(before, after, renamed))
}
