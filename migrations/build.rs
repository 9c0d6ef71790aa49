//! Builds again when a file is added to the history or the seeds, or removed.

fn main() {
    println!("cargo::rerun-if-changed=src/history");
    println!("cargo::rerun-if-changed=src/seeds");
}
