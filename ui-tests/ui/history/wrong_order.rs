#[path = "wrong_order/history.rs"]
mod history;

fn main() {}
