//! The options of the import commands.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;

/// Options of every source.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How many numbers to keep free after the highest one of the source, while that is still in use
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..=100_000_000))]
    pub reserve: i64,

    /// What to add to each ticket's number, if the original numbers are taken here
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    pub shift: i64,
}

/// How a folder is read.
#[derive(Debug, Clone, Args)]
pub struct FileOptions {
    /// The folder: source.json, people, projects, releases and tickets as .ndjson, files/<id>
    pub folder: PathBuf,

    /// Discard the import, as long as nobody has worked on it
    #[arg(long)]
    pub discard_import: bool,

    #[command(flatten)]
    pub options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct InviteOptions {
    /// Invite only people of this direction
    #[arg(long)]
    pub direction: Option<String>,

    /// Maximum number of people to invite
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    pub most: i64,
}

/// How a Redmine is read.
#[derive(Debug, Clone, Args)]
pub struct RedmineOptions {
    /// Address of the Redmine; HELPDESK_REDMINE_KEY is an admin's key there
    #[arg(long)]
    pub url: String,

    /// The map: what each word, project and person of the Redmine becomes here
    #[arg(long)]
    pub map: Option<PathBuf>,

    /// Write a proposed map to this file, and do nothing else
    #[arg(long, conflicts_with_all = ["dry_run", "verify", "discard_import"])]
    pub write_map: Option<PathBuf>,

    /// Report what there is and what would become of it, without writing anything
    #[arg(long)]
    pub dry_run: bool,

    /// Import only what has changed since, according to Redmine's own times
    #[arg(long, conflicts_with_all = ["delta", "sweep"])]
    pub since: Option<DateTime<Utc>>,

    /// Import only these projects: identifiers, comma-separated
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,

    /// Import what lists show to have changed: the default after the first complete run
    #[arg(long, conflicts_with = "sweep")]
    pub delta: bool,

    /// Read every issue again: edited and deleted notes, and changed watchers, show in no list
    #[arg(long)]
    pub sweep: bool,

    /// Compare both sides; exit code 1 if they differ
    #[arg(long, conflicts_with_all = ["dry_run", "since", "delta", "sweep", "discard_import"])]
    pub verify: bool,

    /// Discard the import, as long as nobody has worked on it
    #[arg(long, conflicts_with_all = ["dry_run", "since", "delta", "sweep"])]
    pub discard_import: bool,

    /// Keep the keys that people had there, so that old scripts keep working, under /redmine only
    #[arg(long)]
    pub keep_keys: bool,

    /// Maximum number of requests per second
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rate: u32,

    /// Seconds for which a request to a Redmine that does not respond is repeated
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub patience: u32,

    /// Seconds that one response may take
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub timeout: u32,

    /// File of certificate authorities to trust instead of the public ones (PEM)
    #[arg(long)]
    pub ca: Option<PathBuf>,

    #[command(flatten)]
    pub options: Options,
}
