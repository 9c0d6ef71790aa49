#[path = "no_version_in_name/history.rs"]
mod history;

fn main() {}
