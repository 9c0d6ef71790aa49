#[path = "no_migration/history.rs"]
mod history;

fn main() {}
