//! What is installed: the server's programs, and the account that may run them.

use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, iter};

use crate::postgres::error::PostgresError;

/// The first folder that has the server's programs, in the version of the cluster if there is one.
pub(super) fn programs_folder(
    pg_bin: Option<OsString>,
    version: Option<&str>,
) -> Result<PathBuf, PostgresError> {
    let pg_bin = pg_bin.filter(|it| !it.is_empty()).map(PathBuf::from);
    let folders = pg_bin.clone().map_or_else(installed_folders, |it| vec![it]);
    let folders = folders.iter().filter_map(|it| it.canonicalize().ok());
    let folders = folders.filter(|it| has_programs(it)).collect::<Vec<_>>();
    let Some(first) = folders.first() else {
        return Err(pg_bin.map_or(PostgresError::NotInstalled, PostgresError::WrongPgBin));
    };
    let Some(version) = version else { return Ok(first.clone()) };
    let same = folders.iter().find(|it| programs_version(it) == version).cloned();
    same.ok_or_else(|| PostgresError::OtherVersion(version.into(), programs_version(first)))
}

fn installed_folders() -> Vec<PathBuf> {
    let configured = output_of("pg_config", "--bindir");
    let debian = (10..100).rev().map(|it| format!("/usr/lib/postgresql/{it}/bin").into());
    let path = env::var_os("PATH").unwrap_or_default();
    let configured = iter::once(configured.trim().into());
    configured.chain(debian).chain(env::split_paths(&path)).collect()
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

fn programs_version(folder: &Path) -> String {
    major_version(&output_of(folder.join("postgres"), "--version")).to_owned()
}

/// `15` of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(text: &str) -> &str {
    let version = text.split_whitespace().nth(2).unwrap_or_default();
    version.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default()
}

/// Empty, if there is no such program.
fn output_of(program: impl AsRef<OsStr>, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).unwrap_or_default()
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct User {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl User {
    /// Whoever has the cluster already, else `postgres`, else `nobody`.
    pub(super) fn unprivileged(cluster: &Path) -> Self {
        let owner = cluster.metadata().map(|it| Self { uid: it.uid(), gid: it.gid() }).ok();
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        (owner.filter(|it| it.uid != 0))
            .or_else(|| Self::named("postgres", &accounts))
            .or_else(|| Self::named("nobody", &accounts))
            .unwrap_or(Self { uid: 65534, gid: 65534 })
    }

    fn named(name: &str, accounts: &str) -> Option<Self> {
        let mut accounts = accounts.lines().map(|it| it.split(':').collect::<Vec<_>>());
        let account = accounts.find(|it| it.first() == Some(&name))?;
        Some(Self { uid: account.get(2)?.parse().ok()?, gid: account.get(3)?.parse().ok()? })
    }
}

/// As Linux knows it; elsewhere `initdb` says that it cannot be run as root.
pub(super) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

/// The version of the kernel; none elsewhere than on Linux.
pub(super) fn linux_version() -> Option<(u32, u32)> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    let mut numbers = release.split(|it: char| !it.is_ascii_digit()).map(|it| it.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_first_number() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), "15");
        assert_eq!(major_version("postgres (PostgreSQL) 19beta1"), "19");
        assert_eq!(major_version(""), "");
    }

    #[test]
    fn pg_bin_is_taken_at_its_word() {
        let wrong = programs_folder(Some("/nonexistent".into()), None);
        assert!(matches!(wrong, Err(PostgresError::WrongPgBin(_))));
    }

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        let accounts = "postgres-exporter:x:7:7::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
        assert_eq!(User::named("postgres", accounts), Some(User { uid: 101, gid: 104 }));
        assert_eq!(User::named("nobody", accounts), None);
    }
}
