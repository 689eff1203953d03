//! How the cluster of the private server is made: under a name of its own until it is complete.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process;

use rand::distr::{Alphanumeric, SampleString as _};

use crate::postgres::NAME;
use crate::postgres::cluster::{Cluster, run};
use crate::postgres::error::{PostgresError, at};

/// What a cluster is called while it is being made.
const UNFINISHED: &str = "postgres.new-";

impl Cluster {
    /// Deletes what was interrupted. Each attempt has a name of its own, since an `initdb` that has outlived its owner may
    /// still be writing there.
    pub(super) fn remove_unfinished(&self) {
        for entry in fs::read_dir(&self.data).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Gives the cluster its name only when it is complete.
    pub(super) fn initialise(&self) -> Result<(), PostgresError> {
        log::info!("Creating a PostgreSQL cluster in {}.", self.folder.display());
        let unfinished = self.data.join(format!("{UNFINISHED}{}", process::id()));
        self.make_folder(&unfinished).map_err(at(&unfinished))?;
        self.make_password()?;
        self.initdb(&unfinished, "C.UTF-8").or_else(|_| self.initdb(&unfinished, "C"))?;
        self.create_database(&unfinished)?;
        fs::rename(&unfinished, &self.folder).map_err(at(&self.folder))
    }

    /// It is on the disk before the cluster that cannot be entered without it.
    fn make_password(&self) -> Result<(), PostgresError> {
        let password = Alphanumeric.sample_string(&mut rand::rng(), 32);
        let mut file =
            self.open("postgres.password", File::options().write(true).truncate(true))?;
        let path = self.data.join("postgres.password");
        self.set_owner(&path)
            .and_then(|()| file.write_all(password.as_bytes()))
            .and_then(|()| file.sync_all())
            .map_err(at(&path))
    }

    fn initdb(&self, cluster: &Path, locale: &str) -> Result<(), PostgresError> {
        let mut initdb = self.command("initdb");
        initdb.args(["--username", NAME, "--auth=scram-sha-256", "--encoding=UTF8"]);
        initdb.arg("--pwfile").arg(self.data.join("postgres.password"));
        run(initdb.args(["--locale", locale, "-D"]).arg(cluster))
    }

    /// A server without sockets reads its commands from the standard input, so that no
    /// client program is needed.
    fn create_database(&self, cluster: &Path) -> Result<(), PostgresError> {
        let (commands, mut sink) = io::pipe().map_err(at(cluster))?;
        writeln!(sink, "create database {NAME}").map_err(at(cluster))?;
        drop(sink);
        let mut server = self.command("postgres");
        server.args(["--single", "-c", "exit_on_error=on", "-D"]).arg(cluster).arg("postgres");
        run(server.stdin(commands))
    }
}
