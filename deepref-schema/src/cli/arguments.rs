//! What can be typed.

use clap::{Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 a migration failed and was rolled back, 2 usage or
configuration, 3 the lock is held or --check found something pending, 4 the
ledger disagrees, 5 a person must look, 6 refused as dangerous, 7 can not
connect, 8 connection lost (run again), 130 and 143 stopped by a signal.

The database is named by DATABASE_URL, or by DATABASE_HOST, DATABASE_PORT,
DATABASE_NAME, DATABASE_USER and DATABASE_PASSWORD, in the environment or in a
file `.env`. Without any of them an embedded server is used.";

/// Migrations of a PostgreSQL database.
#[derive(Parser)]
#[command(name = "cargo migrate", version, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Show what is applied and what is pending
    #[command(
        after_help = "Examples:\n  cargo migrate show\n  cargo migrate show --json\n  cargo migrate show --check    # exit code 3 when something is pending"
    )]
    Show(Show),
    /// Apply pending migrations
    #[command(
        after_help = "Examples:\n  cargo migrate run\n  cargo migrate run --dry-run\n  cargo migrate run --to 1732025000002"
    )]
    Run(Run),
    /// Revert the last migration, or more
    #[command(
        after_help = "Examples:\n  cargo migrate revert\n  cargo migrate revert --steps 2\n  cargo migrate revert --to 1732025000001    # that one stays applied\n  cargo migrate revert --to 0 --yes          # everything, data included"
    )]
    Revert(Revert),
    /// Revert and apply the last migration
    #[command(after_help = "Example:\n  cargo migrate redo")]
    Redo(Redo),
    /// Write a new migration: its file and its line in the list
    #[command(after_help = "Example:\n  cargo migrate create AddPhoneToUsers")]
    Create(Create),
    /// Write the migration that the entities are ahead of the history
    #[command(
        after_help = "Examples:\n  cargo migrate generate AddPhoneToUsers\n  cargo migrate generate RenamePhone --rename users.phoneNumber=phone\n  cargo migrate generate AddCountry --fill 'users.country=\"unknown\"'\n  cargo migrate generate --check           # exit code 3 when a migration is missing"
    )]
    Generate(Generate),
    /// Show the statements that `run` would send
    #[command(
        after_help = "Examples:\n  cargo migrate plan\n  cargo migrate plan --to 1732025000002"
    )]
    Plan(Plan),
    /// Show the statements of migrations, without a database
    #[command(after_help = "Examples:\n  cargo migrate sql\n  cargo migrate sql 1732025000001")]
    Sql(Sql),
    /// Seal all migrations: an edit of a sealed one does not compile
    #[command(
        after_help = "Example:\n  cargo migrate seal    # before a release; commit history.lock"
    )]
    Seal,
    /// Keep the embedded server running until Ctrl-C
    #[command(
        after_help = "Example:\n  cargo migrate serve    # then, elsewhere, the psql command that it prints"
    )]
    Serve,
    /// Drop everything that the migrations made
    Schema {
        #[command(subcommand)]
        command: SchemaCommand,
    },
}

#[derive(Subcommand)]
pub(super) enum SchemaCommand {
    /// Drop everything that the migrations made, and the ledger
    #[command(
        after_help = "Examples:\n  cargo migrate schema drop                  # asks for the name of the database\n  cargo migrate schema drop --name deepref"
    )]
    Drop(Drop),
    /// Refused: the schema follows migrations, never the code
    Sync,
}

#[derive(Args)]
pub(super) struct Show {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Exit with 3 when something is pending
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Args)]
pub(super) struct Run {
    /// Apply nothing above this version
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<i64>,
    /// Show what would run, and run nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Allow pending migrations below the highest applied one
    #[arg(long)]
    pub(super) out_of_order: bool,
    /// Mark the database; `production` protects it from `schema drop`
    #[arg(long, value_name = "NAME")]
    pub(super) environment: Option<String>,
    /// How many seconds to wait for another runner
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(super) lock_wait: u64,
    /// How many seconds a statement, and queries behind it, may wait for a lock
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub(super) lock_timeout: u64,
}

#[derive(Args)]
pub(super) struct Revert {
    /// How many migrations to revert
    #[arg(long, value_name = "N", conflicts_with = "to")]
    pub(super) steps: Option<usize>,
    /// Revert everything above this version; 0 for everything
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<i64>,
    /// Do not ask before data is deleted
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Args)]
pub(super) struct Redo {
    /// Do not ask before data is deleted
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Args)]
pub(super) struct Create {
    /// What it does, in PascalCase
    pub(super) name: String,
}

#[derive(Args)]
pub(super) struct Generate {
    /// What the migration does, in PascalCase
    #[arg(required_unless_present = "check")]
    pub(super) name: Option<String>,
    /// Write nothing; exit with 3 when a migration is missing
    #[arg(long, conflicts_with_all = ["name", "dry_run", "empty"])]
    pub(super) check: bool,
    /// Show the migration, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// An empty migration, as `create` writes it
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) empty: bool,
    /// Something was renamed: `table.old=new`, `table=new`, `enum.value=new`
    #[arg(long, value_name = "OLD=NEW")]
    pub(super) rename: Vec<String>,
    /// Something looks like a rename and is none, in the same form
    #[arg(long, value_name = "OLD=NEW")]
    pub(super) no_rename: Vec<String>,
    /// The value of rows that are there, for a new column that is NOT NULL
    #[arg(long, value_name = "TABLE.COLUMN=EXPRESSION")]
    pub(super) fill: Vec<String>,
    /// The value of rows, where a revert brings back a column that is NOT NULL
    #[arg(long, value_name = "TABLE.COLUMN=EXPRESSION")]
    pub(super) restore: Vec<String>,
    /// Why data may be lost, where a table or a column goes
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
}

#[derive(Args)]
pub(super) struct Plan {
    /// Nothing above this version
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<i64>,
}

#[derive(Args)]
pub(super) struct Sql {
    /// One migration; all where nothing is said
    pub(super) version: Option<i64>,
}

#[derive(Args)]
pub(super) struct Drop {
    /// The name of the database, to be sure which one it is
    #[arg(long, value_name = "DATABASE")]
    pub(super) name: Option<String>,
}
