#[path = "unknown_type_in_first/history/mod.rs"]
mod history;

fn main() {}
