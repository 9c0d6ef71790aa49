#[path = "listed_twice/history.rs"]
mod history;

fn main() {}
