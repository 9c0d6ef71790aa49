#[path = "missing_file/history.rs"]
mod history;

fn main() {}
