//! The options of the import commands.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;

/// Options of every source.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Numbers that stay free behind the highest one of the source, until it is switched off
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..=100_000_000))]
    pub reserve: i64,

    /// What is added to each number of a ticket, where its own is taken here
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

/// Who is invited.
#[derive(Debug, Clone, Args)]
pub struct InviteOptions {
    /// Only those who belong to this direction
    #[arg(long)]
    pub direction: Option<String>,

    /// How many, at most
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

    /// Write a map with proposals to this file, and nothing else
    #[arg(long, conflicts_with_all = ["dry_run", "verify", "discard_import"])]
    pub write_map: Option<PathBuf>,

    /// Report what there is and what would become of it; write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Import only what was changed there since, by its own account
    #[arg(long, conflicts_with_all = ["delta", "sweep"])]
    pub since: Option<DateTime<Utc>>,

    /// Import only these projects: identifiers, comma-separated
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,

    /// Import what lists show to have changed: the default once all has come over
    #[arg(long, conflicts_with = "sweep")]
    pub delta: bool,

    /// Read every issue again: edited and deleted notes and watchers show in no list
    #[arg(long)]
    pub sweep: bool,

    /// Compare both sides; exit code 1 where they differ
    #[arg(long, conflicts_with_all = ["dry_run", "since", "delta", "sweep", "discard_import"])]
    pub verify: bool,

    /// Discard the import, as long as nobody has worked on it
    #[arg(long, conflicts_with_all = ["dry_run", "since", "delta", "sweep"])]
    pub discard_import: bool,

    /// Keep the keys that people had there, so that old scripts go on working, under /redmine alone
    #[arg(long)]
    pub keep_keys: bool,

    /// Requests a second, at most
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rate: u32,

    /// Seconds for which a Redmine that does not answer is asked again
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub patience: u32,

    /// Seconds that one answer may take
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub timeout: u32,

    /// File of certificate authorities to trust instead of the public ones (PEM)
    #[arg(long)]
    pub ca: Option<PathBuf>,

    #[command(flatten)]
    pub options: Options,
}
