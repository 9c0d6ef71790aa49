//! What can be typed.

mod seed;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
pub(super) use seed::Seed;

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 a migration failed and was rolled back, 2 usage or
configuration, 3 the lock is held or --check found something pending, 4 the
ledger or the schema disagrees, 5 a person must look (`resolve`), 6 refused as
dangerous, 7 can not connect, 8 connection lost (run again), 130 and 143 stopped by
a signal.

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
        after_help = "Examples:\n  cargo migrate run\n  cargo migrate run --dry-run\n  cargo migrate run --to 1732025000002\n  cargo migrate run --databases customers.txt --jobs 8\n  cargo migrate run --schemas 'tenant_*'"
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
    /// Say what became of a statement that was interrupted (exit code 5)
    #[command(
        after_help = "Examples:\n  cargo migrate resolve --applied    # it took effect: go on after it\n  cargo migrate resolve --retry      # it did not: send it again"
    )]
    Resolve(Resolve),
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
        after_help = "Examples:\n  cargo migrate plan\n  cargo migrate plan --to 1732025000002\n  cargo migrate plan --json\n\nBefore the statements of a migration stands what can come of its revert: it is total where no\nrow makes it fail and every row stays, data-dependent where rows can make it fail, lossy where\nit deletes something, unchecked where it runs SQL or functions of its author."
    )]
    Plan(Plan),
    /// Show the statements of migrations, without a database
    #[command(
        after_help = "Examples:\n  cargo migrate sql\n  cargo migrate sql 1732025000001\n  cargo migrate sql --schema    # the schema that they end in"
    )]
    Sql(Sql),
    /// Say what each statement of a migration locks, rewrites and scans, and what can come of its revert
    #[command(
        after_help = "Examples:\n  cargo migrate explain 1732025000001\n  cargo migrate explain 1732025000001 --json\n\nA lock is held until the transaction ends. Tables that the migration itself makes are left\nout: nobody else can see them."
    )]
    Explain(Explain),
    /// Show times, sizes, and indexes that nothing uses
    #[command(after_help = "Examples:\n  cargo migrate stats\n  cargo migrate stats --json")]
    Stats(Stats),
    /// Look for what would stop a run; explain an error by its SQLSTATE
    #[command(
        after_help = "Examples:\n  cargo migrate doctor\n  cargo migrate doctor --json\n  cargo migrate doctor 55P03    # what to do about this error"
    )]
    Doctor(Doctor),
    /// Prove on a scratch database what the migrations do
    #[command(
        after_help = "Examples:\n  cargo migrate verify           # each migration up, down and up again\n  cargo migrate verify --live    # is the database what its migrations make?"
    )]
    Verify(Verify),
    /// Draw the schema, or what one migration changes
    #[command(
        after_help = "Examples:\n  cargo migrate diagram > schema.mmd\n  cargo migrate diagram --format svg > schema.svg\n  cargo migrate diagram --format svg --migration 1732025000002 > change.svg"
    )]
    Diagram(Diagram),
    /// Take over a database that is there
    #[command(
        after_help = "Examples:\n  cargo migrate adopt --dry-run    # shows all, writes nothing\n  cargo migrate adopt\n\nWhere the ledger of TypeORM, sqlx, diesel, refinery, golang-migrate or Flyway in the\ndatabase names versions of this history, these are recorded as applied. Where the\nhistory is empty, a first migration is written that makes what is there, with entities for\nits tables. Where there is no ledger, all migrations are recorded, or those up to `--to`.\nNothing is written before a scratch database has proved that both are the same."
    )]
    Adopt(Adopt),
    /// Make one migration of the oldest ones
    #[command(
        after_help = "Examples:\n  cargo migrate squash --to 1732025000003 --dry-run    # shows all, writes nothing\n  cargo migrate squash --to 1732025000003 --name FirstYear\n\nThe new migration keeps the version of the last one, and says what it replaces. A\ndatabase that has applied all of these has it; one that has applied a part is refused\nuntil the program from before has finished there. Nothing is written before a scratch\ndatabase has proved that it makes the same. What raw SQL made, such as views, is written\nas PostgreSQL defines it. Statements that change rows can not be squashed, only left out."
    )]
    Squash(Squash),
    /// Write the rows that a database begins with
    #[command(
        after_help = "Examples:\n  cargo migrate seed --env dev\n  cargo migrate seed --env prod --dry-run    # shows the statements, needs no database\n  cargo migrate seed Plans --env staging     # this one, and those that it needs\n\nRows that are there and as declared are left alone. DEEPREF_ENV names the environment as\nwell; on the embedded server it is `dev` where nothing is said. Texts that are stored\nencrypted need DEEPREF_SEED_KEY: 64 hexadecimal digits, as `openssl rand -hex 32` gives."
    )]
    Seed(Seed),
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
    /// Run on many databases: a file with a name or a URL in each line
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(super) databases: Option<PathBuf>,
    /// Run in many schemas of the database: those that match, with `*` for any text
    #[arg(long, value_name = "PATTERN", conflicts_with_all = ["dry_run", "databases"])]
    pub(super) schemas: Option<String>,
    /// How many of them at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(super) jobs: u16,
    /// One JSON object a line: what happens, and how it ended
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) json: bool,
    /// Allow pending migrations below the highest applied one
    #[arg(long)]
    pub(super) out_of_order: bool,
    /// What a database that is ahead of this program means; DATABASE_MIGRATIONS_AHEAD where nothing is said
    #[arg(long, value_name = "POLICY")]
    pub(super) ahead: Option<AheadPolicy>,
    /// Mark the database; `production` protects it from `schema drop`
    #[arg(long, value_name = "NAME")]
    pub(super) environment: Option<String>,
    /// How many seconds to wait for another runner
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(super) lock_wait: u64,
    /// How many seconds a statement, and queries behind it, may wait for a lock
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub(super) lock_timeout: u64,
    /// How many rows in a second batched updates may change
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) batch_rate: Option<u64>,
    /// How much WAL standbys may be behind batched updates, as 64MB
    #[arg(long, value_name = "SIZE", value_parser = super::size::bytes)]
    pub(super) max_lag: Option<u64>,
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
    /// One JSON object a line: what happens, and how it ended
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct Redo {
    /// Do not ask before data is deleted
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Resolve {
    /// The statement took effect
    #[arg(long)]
    pub(super) applied: bool,
    /// The statement did not take effect
    #[arg(long)]
    pub(super) retry: bool,
}

/// What an applied migration that the program does not know means.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum AheadPolicy {
    /// Nothing runs.
    Error,
    /// A warning.
    Warn,
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
    /// Why data may be lost, or others may wait, where a change has no other way
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
}

#[derive(Args)]
pub(super) struct Plan {
    /// Nothing above this version
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<i64>,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct Sql {
    /// One migration; all where nothing is said
    #[arg(conflicts_with = "schema")]
    pub(super) version: Option<i64>,
    /// The schema that they end in, as plain DDL for an empty database. Where raw SQL has a part in it, they are run on a scratch database
    #[arg(long)]
    pub(super) schema: bool,
    /// With `--schema`: no database; what raw SQL made is named in a comment
    #[arg(long, requires = "schema", conflicts_with = "scratch_url")]
    pub(super) offline: bool,
    /// A database of the server on which scratch databases may be created [env: DATABASE_SCRATCH_URL]
    #[arg(long, value_name = "URL", requires = "schema")]
    pub(super) scratch_url: Option<String>,
}

#[derive(Args)]
pub(super) struct Explain {
    /// The migration
    pub(super) version: i64,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct Verify {
    /// Compare the configured database with what its migrations make; exit with 4 where it differs
    #[arg(long)]
    pub(super) live: bool,
    /// Take over what somebody changed by hand: write a migration of this name that makes it, and record it as applied
    #[arg(long, value_name = "NAME", requires = "live")]
    pub(super) write: Option<String>,
    /// A database of the server on which scratch databases may be created [env: DATABASE_SCRATCH_URL]
    #[arg(long, value_name = "URL")]
    pub(super) scratch_url: Option<String>,
}

#[derive(Args)]
pub(super) struct Diagram {
    /// How it is drawn
    #[arg(long, value_enum, default_value_t = DiagramFormat::Mermaid)]
    pub(super) format: DiagramFormat,
    /// Only what this migration changes, in colour
    #[arg(long, value_name = "VERSION")]
    pub(super) migration: Option<i64>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum DiagramFormat {
    /// Text that Mermaid draws
    Mermaid,
    /// An image
    Svg,
}

#[derive(Args)]
pub(super) struct Stats {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct Doctor {
    /// The code of an error: `55P03`
    #[arg(conflicts_with = "json")]
    pub(super) sqlstate: Option<String>,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct Adopt {
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// The name of the migration that is written
    #[arg(long, value_name = "NAME", default_value = "Baseline")]
    pub(super) name: String,
    /// Write no entities
    #[arg(long)]
    pub(super) no_entities: bool,
    /// The last migration that the database has, where no ledger says so
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<i64>,
    /// A database of the server on which scratch databases may be created [env: DATABASE_SCRATCH_URL]
    #[arg(long, value_name = "URL")]
    pub(super) scratch_url: Option<String>,
}

#[derive(Args)]
pub(super) struct Squash {
    /// The version of the last one
    #[arg(long, value_name = "VERSION")]
    pub(super) to: i64,
    /// The name of the migration that is written
    #[arg(long, value_name = "NAME", default_value = "Squashed")]
    pub(super) name: String,
    /// Leave out statements that change rows
    #[arg(long)]
    pub(super) drop_data_statements: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// A database of the server on which scratch databases may be created [env: DATABASE_SCRATCH_URL]
    #[arg(long, value_name = "URL")]
    pub(super) scratch_url: Option<String>,
}

#[derive(Args)]
pub(super) struct Drop {
    /// The name of the database, to be sure which one it is
    #[arg(long, value_name = "DATABASE")]
    pub(super) name: Option<String>,
}
