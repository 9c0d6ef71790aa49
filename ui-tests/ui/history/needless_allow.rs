#[path = "needless_allow/history/mod.rs"]
mod history;

fn main() {}
