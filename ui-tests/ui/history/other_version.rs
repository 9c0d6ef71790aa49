#[path = "other_version/history/mod.rs"]
mod history;

fn main() {}
