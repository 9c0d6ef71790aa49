#[path = "no_migration/history/mod.rs"]
mod history;

fn main() {}
