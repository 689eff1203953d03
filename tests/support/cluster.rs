//! The private PostgreSQL of a test run, which ends with the run, however that ends.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use helpdesk::postgres::PrivatePostgres;

/// Waits until the pipe of the run is closed, then kills what the run has left and cleans up.
const KEEPER: &str = r#"
read -r end_of_run
for server in "$0"/servers/*; do kill -KILL "${server##*/}"; done
for file in "$0"/postgres/postmaster.pid "$0"/*/postgres/postmaster.pid; do
    postgres=$(head -n 1 "$file") && kill -QUIT "$postgres"
    while kill -0 "$postgres"; do sleep 0.1; done
done
rm -rf "$0"
"#;

/// A server for all databases of the run.
pub struct Cluster {
    /// The folder of everything that the run needs.
    pub folder: PathBuf,
    url: String,
    _postgres: PrivatePostgres,
    _keeper: Child,
}

pub fn cluster() -> &'static Cluster {
    static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
    &CLUSTER
}

impl Cluster {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("helpdesk-tests-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let postgres = PrivatePostgres::start(&folder).unwrap();
        let mut conn = PgConnection::establish(&postgres.url()).unwrap();
        // Servers are killed here, machines are not: what is written need not be on the disk. And no table is
        // analyzed at a moment that a test has not chosen: plans hang on it.
        let settings =
            ["max_connections = 400", "fsync = off", "full_page_writes = off", "autovacuum = off"];
        for setting in settings {
            conn.batch_execute(&format!("alter system set {setting}")).unwrap();
        }
        drop((conn, postgres));
        fs::create_dir(folder.join("servers")).unwrap();
        let postgres = PrivatePostgres::start(&folder).unwrap();
        let keeper = Command::new("/bin/sh")
            .args(["-c", KEEPER])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        Self { folder, url: postgres.url(), _postgres: postgres, _keeper: keeper }
    }

    pub fn url(&self, database: &str) -> String {
        self.url.replace("@/helpdesk?", &format!("@/{database}?"))
    }

    /// Runs a statement outside the databases of the tests.
    pub fn execute(&self, statement: &str) {
        self.execute_on("helpdesk", statement);
    }

    pub fn execute_on(&self, database: &str, statement: &str) {
        let mut conn = PgConnection::establish(&self.url(database)).unwrap();
        conn.batch_execute(statement).unwrap_or_else(|cause| panic!("{statement}: {cause}"));
    }
}
