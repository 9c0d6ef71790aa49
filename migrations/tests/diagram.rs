//! The diagrams that are checked in are those of the schema that the history ends in.

use std::fs;
use std::path::Path;

use deepref_schema::diagram::{mermaid, svg};
use migrations::HISTORY;

/// Written anew by `UPDATE_DIAGRAMS=1 cargo test -p migrations --test diagram`.
fn is_current(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_DIAGRAMS").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{file} is not current: run `UPDATE_DIAGRAMS=1 cargo test -p migrations --test diagram`"
    );
}

#[test]
fn diagrams_are_current() {
    let schema = HISTORY.schema();
    is_current("schema.mmd", &mermaid(&schema));
    is_current("schema.svg", &svg(&schema));
}
