//! The command line of a migrations crate.

mod adopt;
mod arguments;
mod create;
mod database;
mod diagram;
mod doctor;
mod entities;
mod explain;
mod fleet;
mod generate;
mod json;
mod output;
mod plan;
mod progress;
mod resolve;
mod revert;
mod run;
mod schema;
mod seal;
mod seed;
mod serve;
mod show;
mod size;
mod sources;
mod sql;
mod squash;
mod stats;
mod verify;
mod written;

use std::process::ExitCode;

use clap::Parser;

use crate::seed::Seeds;
use crate::{Error, History};
use arguments::{Arguments, Command, SchemaCommand};

/// Reads the arguments of the process, does what they ask, and gives the exit
/// code. The `main` of a migrations crate is this call:
///
/// ```no_run
/// # use deepref_schema::{History, Ledger};
/// # static HISTORY: History = History {
/// #     migrations: &[], schema: b"", ledger: Ledger { schema: "public", table: "migrations" },
/// #     oldest_postgres: 14, manifest_dir: "", list_file: "", inline: "",
/// # };
/// fn main() -> std::process::ExitCode {
///     deepref_schema::cli::main(&HISTORY)
/// }
/// ```
pub fn main(history: &History) -> ExitCode {
    main_with_seeds(history, &Seeds::NONE)
}

/// The same for a program that has seeds: `cargo migrate seed` writes them.
pub fn main_with_seeds(history: &History, seeds: &Seeds) -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // help and version are no errors; a closed pipe is none either
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match execute(history, seeds, arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn execute(history: &History, seeds: &Seeds, command: Command) -> Result<(), Error> {
    match command {
        Command::Show(options) => show::execute(history, &options),
        Command::Run(options) => run::execute(history, &options),
        Command::Revert(options) => revert::execute(history, &options),
        Command::Redo(options) => revert::redo(history, &options),
        Command::Resolve(options) => resolve::execute(history, &options),
        Command::Create(options) => create::execute(history, &options),
        Command::Generate(options) => generate::execute(history, &options),
        Command::Plan(options) => plan::execute(history, options.to, options.json),
        Command::Stats(options) => stats::execute(history, &options),
        Command::Doctor(options) => doctor::execute(history, &options),
        Command::Sql(options) => sql::execute(history, &options),
        Command::Explain(options) => explain::execute(history, &options),
        Command::Verify(options) => verify::execute(history, &options),
        Command::Diagram(options) => diagram::execute(history, &options),
        Command::Adopt(options) => adopt::execute(history, &options),
        Command::Squash(options) => squash::execute(history, &options),
        Command::Seed(options) => seed::execute(history, seeds, &options),
        Command::Seal => seal::execute(history),
        Command::Serve => serve::execute(history),
        Command::Schema { command: SchemaCommand::Drop(options) } => {
            schema::drop_schema(history, &options)
        }
        Command::Schema { command: SchemaCommand::Sync } => schema::sync(),
    }
}
