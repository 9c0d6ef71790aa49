//! Writes `deepref-schema/core/src/catalogue/*.tsv` from servers of every supported version:
//!
//! ```sh
//! tests/fetch-servers && cargo run -p tests --bin catalogue
//! ```

use std::fs;
use tests::{catalogue, server};

fn main() {
    let found = server::all().len();
    assert_eq!(
        found,
        server::MAJORS.len(),
        "every supported version is needed: run tests/fetch-servers"
    );
    for (name, rows) in catalogue::collect() {
        write(name, &catalogue::lines(&rows));
    }
    match catalogue::icu_collations() {
        Some(names) => write("icu_collations", &catalogue::lines(&names)),
        None => println!("icu_collations: kept, no installed PostgreSQL is built with ICU"),
    }
}

fn write(name: &str, lines: &[String]) {
    let text = lines.join("\n") + "\n";
    assert!(text.is_ascii(), "the look-ups cut the text anywhere: `{name}` must be ASCII");
    let path = catalogue::folder().join(format!("{name}.tsv"));
    fs::write(&path, &text)
        .unwrap_or_else(|error| panic!("can not write `{}`: {error}", path.display()));
    println!("{name}: {} rows, {} bytes", lines.len(), text.len());
}
