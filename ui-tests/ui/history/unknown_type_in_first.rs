#[path = "unknown_type_in_first/history.rs"]
mod history;

fn main() {}
