#[path = "mistake_in_second/history/mod.rs"]
mod history;

fn main() {}
