#[path = "files/history.rs"]
pub mod history;
