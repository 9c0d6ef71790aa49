#[path = "listed_twice/history/mod.rs"]
mod history;

fn main() {}
