//! `cargo migrate`: the commands on the history of the DeepRef database.

use std::process::ExitCode;

fn main() -> ExitCode {
    deepref_schema::cli::main(&migrations::HISTORY)
}
