#[path = "other_name/history/mod.rs"]
mod history;

fn main() {}
