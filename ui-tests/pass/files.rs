#[path = "files/history/mod.rs"]
pub mod history;
