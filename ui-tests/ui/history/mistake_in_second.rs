#[path = "mistake_in_second/history.rs"]
mod history;

fn main() {}
