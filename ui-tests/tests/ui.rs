//! Mistakes, and what the compiler says about them.
//!
//! Each case is a file in `ui/<topic>`, its answer the `.stderr` beside it.
//! `TRYBUILD=overwrite cargo test -p ui-tests` writes the answers anew; read
//! them: the caret is on the token, the help can be typed.

use std::path::{Path, PathBuf};

#[test]
fn mistakes() {
    let cases = trybuild::TestCases::new();
    for topic in sorted(Path::new("ui")) {
        for case in sorted(&topic) {
            let name = case.to_string_lossy();
            if case.is_file() && name.ends_with(".rs") && !name.ends_with(".fixed.rs") {
                cases.compile_fail(&case);
            }
        }
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of cases");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
