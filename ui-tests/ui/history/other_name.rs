#[path = "other_name/history.rs"]
mod history;

fn main() {}
