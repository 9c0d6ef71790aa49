#[path = "files/history/mod.rs"]
mod history;
