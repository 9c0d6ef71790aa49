//! A migrations crate as a program, made from the files in a folder when it starts. The
//! environment says which folder: `EXAMPLE_FOLDER`.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::var_os("EXAMPLE_FOLDER").unwrap_or_default();
    let history = tests::interpreted::history(Path::new(&folder));
    // What a test changes in the files after that is a change after the program was built.
    if let Some(file) = std::env::var_os("EXAMPLE_TOUCH") {
        std::fs::write(&file, std::env::var("EXAMPLE_TEXT").unwrap_or_default()).ok();
    }
    deepref_schema::cli::main(&history)
}
