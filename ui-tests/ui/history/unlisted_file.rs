#[path = "unlisted_file/history/mod.rs"]
mod history;

fn main() {}
