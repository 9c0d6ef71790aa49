//! `cargo migrate`: the commands on the history and the seeds of the DeepRef database.

use std::process::ExitCode;

fn main() -> ExitCode {
    deepref_schema::cli::main_with_seeds(&migrations::HISTORY, &migrations::SEEDS)
}
