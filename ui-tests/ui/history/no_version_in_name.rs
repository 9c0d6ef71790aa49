#[path = "no_version_in_name/history/mod.rs"]
mod history;

fn main() {}
