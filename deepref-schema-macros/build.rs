//! Gives each build of the macros a name of its own: what one build has
//! verified, another one does not believe.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// The sources that decide what the macros say. In a registry the two crates
/// beside this one are not there; their versions are pinned to this one's.
const SOURCES: [&str; 4] =
    ["src", "syntax/src", "../deepref-schema/core/src", "../deepref-schema/src/migration.rs"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    for source in SOURCES.map(Path::new).into_iter().filter(|source| source.exists()) {
        println!("cargo::rerun-if-changed={}", source.display());
        hash(source, &mut hasher);
    }
    println!("cargo::rustc-env=DEEPREF_SCHEMA_BUILD={:016x}", hasher.finish());
}

fn hash(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    if let Ok(folder) = fs::read_dir(path) {
        let mut paths: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| hash(path, hasher));
    } else {
        fs::read(path).unwrap_or_default().hash(hasher);
    }
}
