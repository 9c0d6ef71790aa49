//! Makes modules of the cases that must compile: the `.fixed.rs` beside the
//! mistakes, and what is in `pass`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by Cargo"));
    let mut modules = String::new();
    for folder in ["ui", "pass"] {
        println!("cargo::rerun-if-changed={folder}");
        visit(&here.join(folder), &mut modules);
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by Cargo"));
    std::fs::write(out.join("accepted.rs"), modules).expect("the output folder can be written");
}

fn visit(folder: &Path, modules: &mut String) {
    let entries = std::fs::read_dir(folder).expect("a folder of cases");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() && !is_history(&path) {
            visit(&path, modules);
        } else if name.ends_with(".fixed.rs") || name.contains("/pass/") && name.ends_with(".rs") {
            let number = modules.lines().count();
            let _ = writeln!(modules, "#[path = {name:?}] mod case_{number};");
        }
    }
}

/// The files of a history belong to the case that names them.
fn is_history(folder: &Path) -> bool {
    folder.join("mod.rs").is_file()
}
