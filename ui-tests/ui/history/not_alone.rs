#[path = "not_alone/history/mod.rs"]
mod history;

fn main() {}
