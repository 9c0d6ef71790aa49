//! A migrations crate with seeds as a program, for tests of the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    deepref_schema::cli::main_with_seeds(&tests::seeded::HISTORY, &tests::seeded::SEEDS)
}
