//! A private PostgreSQL, for when `DATABASE_URL` is not set: the installed server programs, run on
//! a cluster of our own. Nothing here knows of tables or pools.
//!
//! The data folder contains `postgres/` (the cluster), `postgres.password` (of its one login),
//! `postgres.log` (what the server says) and `postgres.owner`: the process that has locked it stops
//! the server when it ends, the others only use the server. It listens only on a Unix socket, so that it
//! is in nobody's way.

mod cluster;
mod creation;
mod error;
mod installed;
mod supervisor;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Instant;

use crate::postgres::cluster::{Cluster, percent_encoded};
pub use crate::postgres::error::PostgresError;
use crate::postgres::error::{START_TIMEOUT, at};
use crate::postgres::installed::is_root;
pub use crate::postgres::supervisor::Supervisor;

/// The name of the login and of the database.
const NAME: &str = "helpdesk";
/// A PostgreSQL server of this installation's own. Dropping it stops the server, unless
/// another process owns that.
pub struct PrivatePostgres {
    cluster: Cluster,
    password: String,
    /// What the owner has locked; the operating system releases it, however the process ends.
    owner: File,
    is_owner: bool,
    /// What the owner has started: nothing, if it found the server of an owner who was killed.
    server: Option<Child>,
}

impl PrivatePostgres {
    /// Creates the cluster and its database if there is none, then starts the server or joins the running one.
    /// The first time takes a second, later a twentieth of that.
    pub fn start(data_dir: &Path) -> Result<Self, PostgresError> {
        let cluster = Cluster::find(data_dir)?;
        let owner = cluster.open("postgres.owner", File::options().write(true).truncate(false))?;
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            match owner.try_lock() {
                Ok(()) => return Self::own(cluster, owner, deadline),
                Err(TryLockError::WouldBlock) if cluster.is_responding() => {
                    return Self::share(cluster, owner);
                }
                Err(TryLockError::WouldBlock) => cluster.pause(deadline)?,
                Err(TryLockError::Error(error)) => return Err(at(&cluster.data)(error)),
            }
        }
    }

    fn own(cluster: Cluster, owner: File, deadline: Instant) -> Result<Self, PostgresError> {
        cluster.check_reachable()?;
        cluster.remove_unfinished();
        if !cluster.folder.join("PG_VERSION").exists() {
            cluster.initialise()?;
        }
        cluster.prepare_sockets()?;
        let password = cluster.password()?;
        cluster.rotate_log();
        let server = cluster.serve(deadline)?;
        Ok(Self { cluster, password, owner, is_owner: true, server })
    }

    fn share(cluster: Cluster, owner: File) -> Result<Self, PostgresError> {
        log::info!(
            "Using the PostgreSQL that another process owns in {}.",
            cluster.folder.display()
        );
        Ok(Self { password: cluster.password()?, cluster, owner, is_owner: false, server: None })
    }

    /// Supervises it from now on.
    pub fn supervised(self) -> Supervisor {
        Supervisor::start(self)
    }

    /// How the server ended; none: it has not, or another process supervises it.
    fn end(&mut self) -> Option<String> {
        if !self.is_owner {
            self.is_owner = self.owner.try_lock().is_ok();
        }
        if !self.is_owner {
            return None;
        }
        let Some(server) = &mut self.server else {
            return (!self.cluster.is_alive()).then(|| "nobody knows how".to_owned());
        };
        let ended = server.try_wait().ok().flatten()?;
        self.cluster.forget(server.id());
        self.server = None;
        Some(ended.to_string())
    }

    /// Starts a server that has ended, or waits for one that is starting.
    fn start_again(&mut self, deadline: Instant) -> Result<(), PostgresError> {
        self.cluster.prepare_sockets()?;
        self.server = self.cluster.serve(deadline)?;
        Ok(())
    }

    /// Where the database is, for libpq. It holds the password.
    pub fn url(&self) -> String {
        let host = percent_encoded(&self.cluster.sockets);
        format!("postgresql://{NAME}:{}@/{NAME}?host={host}&port=5432", self.password)
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        if !self.is_owner || self.end().is_some() {
            return;
        }
        if let Err(error) = self.cluster.stop() {
            log::warn!("PostgreSQL was not stopped. {error}");
            return;
        }
        if let Some(server) = &mut self.server {
            let _ = server.wait(); // It has ended; only its exit status is still to be collected.
        }
        let _ = fs::remove_dir(&self.cluster.sockets); // Empty, if made for the socket alone.
        log::info!("Stopped PostgreSQL.");
    }
}

/// The folder private data lives in when none is configured; root's is one that the server, which
/// cannot run as root, can reach.
pub fn default_data_dir() -> PathBuf {
    PathBuf::from(if is_root() { "/var/lib/helpdesk" } else { "./var" })
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixStream;
    use std::{env, process};

    use super::cluster::SOCKET;
    use super::*;

    struct TemporaryFolder(PathBuf);

    impl TemporaryFolder {
        fn new(name: &str) -> Self {
            Self(env::temp_dir().join(format!("helpdesk {name} {}", process::id())))
        }
    }

    impl Drop for TemporaryFolder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_server_is_shared_adopted_and_stopped_by_its_owner() -> Result<(), PostgresError> {
        let folder = TemporaryFolder::new("server");
        fs::create_dir_all(folder.0.join("postgres.new-1")).map_err(at(&folder.0))?;
        fs::set_permissions(&folder.0, Permissions::from_mode(0o711)).map_err(at(&folder.0))?;

        let mut killed = PrivatePostgres::start(&folder.0)?;
        let guest = PrivatePostgres::start(&folder.0)?;
        let url = guest.url();
        drop(guest);
        killed.owner.unlock().map_err(at(&folder.0))?;
        killed.is_owner = false;
        drop(killed);
        let heir = PrivatePostgres::start(&folder.0)?;
        let was_adopted = heir.server.is_none();
        let socket = heir.cluster.sockets.join(SOCKET);
        let (answered, same_url) = (UnixStream::connect(&socket).is_ok(), heir.url() == url);
        drop(heir);

        assert!(was_adopted && answered && same_url);
        assert!(UnixStream::connect(&socket).is_err());
        assert!(!folder.0.join("postgres.new-1").exists());
        Ok(())
    }
}
