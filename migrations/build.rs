//! Builds again when a file is added to the history, or removed from it.

fn main() {
    println!("cargo::rerun-if-changed=src/history");
}
