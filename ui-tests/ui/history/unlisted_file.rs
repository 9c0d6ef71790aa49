#[path = "unlisted_file/history.rs"]
mod history;

fn main() {}
