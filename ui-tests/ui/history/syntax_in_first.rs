#[path = "syntax_in_first/history.rs"]
mod history;

fn main() {}
