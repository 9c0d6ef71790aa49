#[path = "not_alone/history.rs"]
mod history;

fn main() {}
