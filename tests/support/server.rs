//! A server process on free ports, waited for and always ended.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::client::Client;
use super::cluster::cluster;
use super::command::program;
use super::free::{Address, free_address};
use super::response::Response;
use super::wait::{wait_for, wait_until};

/// The signing keys of all servers, so that a token is valid at each.
pub const JWT_KEYS: &str = "tests:8Zt5SNgkqLw0Xh3mYb7RvCeKdPj2UaFo9sQi6Tn1Wz4=";

/// Tests send more in a second than people do in a day; those about limits set their own.
const NO_LIMITS: [(&str, &str); 7] = [
    ("HELPDESK_RATE_PERSON", "100000/1000000"),
    ("HELPDESK_RATE_TOKEN", "100000/1000000"),
    ("HELPDESK_RATE_ADDRESS", "100000/1000000"),
    ("HELPDESK_QUOTA_TICKETS", "off"),
    ("HELPDESK_QUOTA_COMMENTS", "off"),
    ("HELPDESK_QUOTA_MAILS", "off"),
    ("HELPDESK_QUOTA_UPLOADS", "off"),
];

/// A running `helpdesk serve`.
pub struct Server {
    pub client: Arc<Client>,
    pub data_dir: PathBuf,
    metrics: Client,
    process: Child,
    /// Reserved as long as it lives.
    _addresses: [Address; 2],
}

impl Server {
    /// Starts a server on a database and waits until it is ready.
    pub fn start(database_url: &str, settings: &[(&str, &str)]) -> Self {
        let mut server = Self::launch(database_url, settings);
        wait_until("the server listens", || {
            // Another program may have been quicker to take the port.
            if server.process.try_wait().unwrap().is_some() {
                let log = server.log();
                assert!(log.contains("Address already in use"), "no server: {log}");
                server = Self::launch(database_url, settings);
            }
            server.is_listening()
        });
        wait_until("the server is ready", || {
            server.client.send("GET", "/readyz", &[], None).status == 200
        });
        server
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Starts a server without waiting for anything. In a setting `{port}` is the API's own.
    pub fn launch(database_url: &str, settings: &[(&str, &str)]) -> Self {
        static FOLDERS: AtomicUsize = AtomicUsize::new(0);

        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let data_dir = cluster().folder.join(format!("server-{number}"));
        fs::create_dir(&data_dir).unwrap();
        let log = File::create(data_dir.join("log")).unwrap();
        let greeting = File::create(data_dir.join("greeting")).unwrap();
        let [api, metrics] = [free_address(), free_address()];
        let process = program()
            .arg("serve")
            .env_clear()
            .env("DATABASE_URL", database_url)
            .env("HELPDESK_JWT_KEYS", JWT_KEYS)
            .env("HELPDESK_ACCESS_TTL", "86400")
            .env("HELPDESK_BIND", &*api)
            .env("HELPDESK_METRICS_BIND", &*metrics)
            .env("HELPDESK_DATA_DIR", &data_dir)
            .env("HELPDESK_STORAGE_URL", format!("file://{}", data_dir.join("files").display()))
            .envs(NO_LIMITS)
            .envs(
                settings.iter().map(|(name, value)| (name, value.replace("{port}", port_of(&api)))),
            )
            .stdout(greeting)
            .stderr(log)
            .spawn()
            .unwrap();
        File::create(cluster().folder.join("servers").join(process.id().to_string())).unwrap();
        Self {
            client: Arc::new(Client::new(&api)),
            data_dir,
            metrics: Client::new(&metrics),
            process,
            _addresses: [api, metrics],
        }
    }

    /// It prints its address once it has got it; whatever answers there is no other server.
    fn is_listening(&self) -> bool {
        fs::metadata(self.data_dir.join("greeting")).unwrap().len() > 0
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.data_dir.join("log")).unwrap()
    }

    /// The text of `/metrics`, which has an address of its own.
    pub fn metrics(&self) -> String {
        self.metrics_reply("/metrics").text
    }

    /// The response to a path on the address of the metrics.
    pub fn metrics_reply(&self, path: &str) -> Response {
        self.metrics.send_unchecked("GET", path, &[], None)
    }

    /// Its peak resident memory, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Its resident memory at present, in bytes.
    pub fn memory(&self) -> u64 {
        let statm = fs::read_to_string(format!("/proc/{}/statm", self.process.id())).unwrap();
        statm.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
    }

    /// Its end of a client's connection.
    pub fn socket_of(&self, client: SocketAddr) -> String {
        let own: SocketAddr = self.client.address.parse().unwrap();
        let ends = [own, client].map(|it| format!(":{:04X}", it.port()));
        let table = fs::read_to_string("/proc/net/tcp").unwrap();
        let rows = table.lines().map(|it| it.split_whitespace().collect::<Vec<_>>());
        let mut rows = rows.filter(|it| it[1].ends_with(&ends[0]) && it[2].ends_with(&ends[1]));
        format!("socket:[{}]", rows.next().unwrap()[9])
    }

    /// Whether it still holds a socket.
    pub fn holds(&self, socket: &str) -> bool {
        let open = fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap();
        open.filter_map(|it| fs::read_link(it.unwrap().path()).ok())
            .any(|it| it.to_str() == Some(socket))
    }

    /// Where it stores files.
    pub fn storage_url(&self) -> String {
        format!("file://{}", self.data_dir.join("files").display())
    }

    /// The names of the files in its storage folder.
    pub fn stored(&self) -> Vec<String> {
        let files = fs::read_dir(self.data_dir.join("files")).unwrap();
        files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let number = self.process.id().to_string();
        let mut kill = Command::new("/bin/sh");
        kill.args(["-c", "kill -\"$0\" \"$1\"", name, &number]);
        assert!(kill.status().unwrap().success());
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        wait_for("the server has ended", || self.process.try_wait().unwrap())
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn port_of(address: &str) -> &str {
    address.rsplit(':').next().unwrap()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ =
            fs::remove_file(cluster().folder.join("servers").join(self.process.id().to_string()));
        let _ = fs::remove_dir_all(&self.data_dir);
    }
}
