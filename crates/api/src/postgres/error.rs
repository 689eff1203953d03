//! Why there is no private PostgreSQL, in one sentence each.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, io};

/// How long a server may take to respond.
pub(super) const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no private PostgreSQL.
#[derive(Debug)]
pub enum PostgresError {
    /// No folder with the server's programs was found.
    NotInstalled,
    /// `PG_BIN` names this folder, which does not have them.
    WrongPgBin(PathBuf),
    /// The cluster was made by the first version, the programs are of the second.
    OtherVersion(String, String),
    /// The account that root runs the server as may not enter this folder.
    Unreachable(PathBuf),
    /// This folder belongs to another user.
    Foreign(PathBuf),
    /// This program did not do its work, and said why.
    Failed(PathBuf, String),
    /// The server ended before it responded; this is its log, and why.
    Ended(PathBuf, String),
    /// The server did not respond in time; this is its log.
    Silent(PathBuf),
    /// This file, folder or program could not be used.
    Io(PathBuf, io::Error),
}

impl fmt::Display for PostgresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled => f.write_str(
                "No PostgreSQL server is installed: run `apt-get install postgresql` \
                 (`dnf install postgresql-server`, `brew install postgresql`), \
                 name the folder of its programs in PG_BIN, or a running server in DATABASE_URL.",
            ),
            Self::WrongPgBin(folder) => write!(
                f,
                "PG_BIN names {}, which does not have initdb, pg_ctl and postgres.",
                folder.display()
            ),
            Self::OtherVersion(cluster, programs) => write!(
                f,
                "The data was made by PostgreSQL {cluster}, but version {programs} is installed: \
                 install version {cluster}, or name the folder of its programs in PG_BIN."
            ),
            Self::Unreachable(folder) => write!(
                f,
                "PostgreSQL cannot run as root, and the account it runs as may not enter {0}: \
                 run `chmod o+x {0}`, or name another data folder in HELPDESK_DATA_DIR.",
                folder.display()
            ),
            Self::Foreign(folder) => write!(
                f,
                "{} belongs to another user, who could tamper with what is put there.",
                folder.display()
            ),
            Self::Failed(program, message) => write!(f, "{} failed: {message}", program.display()),
            Self::Ended(log, message) => {
                write!(f, "PostgreSQL did not start; see {}: {message}", log.display())
            }
            Self::Silent(log) => {
                write!(f, "PostgreSQL does not answer yet; see {}.", log.display())
            }
            Self::Io(path, error) => write!(f, "{} cannot be used: {error}", path.display()),
        }
    }
}

impl Error for PostgresError {}

pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> PostgresError {
    let path = path.to_owned();
    |error| PostgresError::Io(path, error)
}
