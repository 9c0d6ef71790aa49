#[path = "other_version/history.rs"]
mod history;

fn main() {}
