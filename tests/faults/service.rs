//! A service with a private PostgreSQL: either can be killed.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use helpdesk::demo;
use helpdesk::postgres::PrivatePostgres;
use serde_json::json;

use crate::support::{
    Address, Client, Response, free_address, private_folder, program, wait_until,
};

/// What would stop a writer who does nothing but write.
const UNLIMITED: [(&str, &str); 7] = [
    ("HELPDESK_QUOTA_TICKETS", "off"),
    ("HELPDESK_QUOTA_COMMENTS", "off"),
    ("HELPDESK_QUOTA_UPLOADS", "off"),
    ("HELPDESK_RATE_PERSON", "off"),
    ("HELPDESK_RATE_TOKEN", "off"),
    ("HELPDESK_RATE_ADDRESS", "off"),
    ("HELPDESK_ACCESS_TTL", "86400"),
];

/// A running `helpdesk serve` that keeps its address when it is started again.
pub struct Service {
    pub client: Client,
    folder: PathBuf,
    addresses: [Address; 2],
    process: Mutex<Child>,
}

impl Service {
    /// One without any data.
    pub fn start() -> Self {
        let folder = private_folder();
        fs::create_dir(&folder).unwrap();
        Self::start_in(folder, [free_address(), free_address()])
    }

    /// One with the people and tickets of the demo.
    pub fn start_demo() -> Self {
        let folder = private_folder();
        let addresses = [free_address(), free_address()];
        let filled = command(&folder, &addresses, "demo").output().unwrap();
        assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
        Self::start_in(folder, addresses)
    }

    fn start_in(folder: PathBuf, addresses: [Address; 2]) -> Self {
        let process = Mutex::new(serve(&folder, &addresses));
        let service = Self { client: Client::new(&addresses[0]), folder, addresses, process };
        service.wait_until_ready();
        service
    }

    /// Its token for one of the demo's accounts.
    pub fn token(&self, email: &str) -> String {
        let login = json!({ "email": email, "password": demo::PASSWORD }).to_string();
        let headers = [("content-type", "application/json")];
        let path = "/api/v1/auth/login";
        self.client
            .send("POST", path, &headers, Some(login.as_bytes()))
            .expect(200)
            .word("access_token")
    }

    /// Where its database is.
    pub fn database_url(&self) -> String {
        PrivatePostgres::start(&self.folder).unwrap().url()
    }

    /// What `/readyz` returns; none while nothing listens.
    pub fn readiness(&self) -> Option<Response> {
        self.client.try_send("GET", "/readyz", &[], b"")
    }

    /// How long that took.
    pub fn wait_until_ready(&self) -> Duration {
        let started = Instant::now();
        wait_until("the service is ready", || self.readiness().is_some_and(|it| it.status == 200));
        started.elapsed()
    }

    /// `kill -9` of the service; how long until it is ready again once it is started.
    pub fn restart(&self) -> Duration {
        let mut process = self.process.lock().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        *process = serve(&self.folder, &self.addresses);
        self.wait_until_ready()
    }

    /// `kill -9` of the database server; how long until the service is ready again by itself.
    pub fn restarts_database(&self) -> Duration {
        let killed = self.kill_postgres();
        let started = Instant::now();
        let file = self.folder.join("postgres/postmaster.pid");
        wait_until("another server runs", || {
            let number = fs::read_to_string(&file).unwrap_or_default();
            number.lines().next().is_some_and(|it| it != killed)
        });
        self.wait_until_ready();
        started.elapsed()
    }

    /// The number of the server that was killed.
    pub fn kill_postgres(&self) -> String {
        let file = fs::read_to_string(self.folder.join("postgres/postmaster.pid")).unwrap();
        let number = file.lines().next().unwrap();
        signal("KILL", number);
        number.to_owned()
    }

    /// A file of its data folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Lines of the log with this word.
    pub fn lines(&self, word: &str) -> Vec<String> {
        self.log().lines().filter(|it| it.contains(word)).map(str::to_owned).collect()
    }

    /// Stops it gracefully.
    pub fn stop(self) {
        let mut process = self.process.lock().unwrap();
        signal("TERM", &process.id().to_string());
        assert!(process.wait().unwrap().success(), "{}", self.log());
    }
}

impl Drop for Service {
    /// Its database server is stopped by the supervisor, if still running.
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(None) = process.try_wait() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn signal(name: &str, process: &str) {
    let mut kill = Command::new("/bin/sh");
    kill.args(["-c", "kill -\"$0\" \"$1\"", name, process]).stderr(Stdio::null());
    kill.status().unwrap();
}

fn serve(folder: &PathBuf, addresses: &[Address; 2]) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    command(folder, addresses, "serve").stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

fn command(folder: &PathBuf, addresses: &[Address; 2], name: &str) -> Command {
    let mut command = program();
    command
        .arg(name)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HELPDESK_BIND", &*addresses[0])
        .env("HELPDESK_METRICS_BIND", &*addresses[1])
        .env("HELPDESK_DATA_DIR", folder)
        .envs(UNLIMITED);
    command
}
