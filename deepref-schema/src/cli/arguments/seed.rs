//! What `seed` can be told.

use clap::Args;

#[derive(Args)]
pub(in crate::cli) struct Seed {
    /// Only these seeds, and those that they need
    #[arg(value_name = "NAME")]
    pub(in crate::cli) names: Vec<String>,
    /// Where it is run [env: DEEPREF_ENV]
    #[arg(long, value_name = "ENVIRONMENT")]
    pub(in crate::cli) env: Option<SeedEnvironment>,
    /// Show the statements, and run nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// One JSON object a line: what happens, and how it ended
    #[arg(long, conflicts_with = "dry_run")]
    pub(in crate::cli) json: bool,
    /// Encrypt anew what is stored under another key, or not encrypted
    #[arg(long, conflicts_with = "dry_run")]
    pub(in crate::cli) reencrypt: bool,
}

/// Where a seed is run.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(in crate::cli) enum SeedEnvironment {
    /// The database of somebody who develops.
    Dev,
    /// A rehearsal of production.
    Staging,
    /// The database of the users.
    Prod,
}

impl From<SeedEnvironment> for crate::seed::Environment {
    fn from(environment: SeedEnvironment) -> Self {
        match environment {
            SeedEnvironment::Dev => Self::Dev,
            SeedEnvironment::Staging => Self::Staging,
            SeedEnvironment::Prod => Self::Prod,
        }
    }
}
