#[path = "wrong_order/history/mod.rs"]
mod history;

fn main() {}
