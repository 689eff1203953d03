//! A private PostgreSQL, for when `DATABASE_URL` is not set: the installed server programs, run on
//! a cluster of our own. Nothing here knows of tables or pools.
//!
//! In the data folder lie `postgres/` (the cluster), `postgres.password` (of its one login),
//! `postgres.log` (what the server says) and `postgres.owner`: the process that has locked it stops
//! the server at its end, the others only use the server. It listens on a Unix socket alone, and so
//! is in nobody's way.

use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::iter;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rand::distr::{Alphanumeric, SampleString};

/// The name of the login and of the database.
const NAME: &str = "helpdesk";
/// The name PostgreSQL gives its socket, after its port.
const SOCKET: &str = ".s.PGSQL.5432";
/// Linux takes 107 bytes as the path of a socket, macOS 103.
const SOCKET_PATH_MAX: usize = 103;
/// What a cluster is called while it is being made.
const UNFINISHED: &str = "postgres.new-";
/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long we wait for a query that has outlived its server, and keeps the next from starting.
const LAST_QUERIES: Duration = Duration::from_secs(5);

/// A PostgreSQL server of this installation's own. Dropping it stops the server, unless another
/// process owns that.
pub struct PrivatePostgres {
    cluster: Cluster,
    password: String,
    /// The lock of the owner; the operating system releases it, however the process ends.
    owner: Option<File>,
    /// What the owner has started: nothing, if it found the server of an owner who was killed.
    server: Option<Child>,
}

impl PrivatePostgres {
    /// Makes the cluster and its database if there is none, then starts the server or joins the one
    /// that runs. It takes a second the first time, a twentieth later.
    pub fn start(data_dir: &Path) -> Result<Self, PostgresError> {
        let cluster = Cluster::find(data_dir)?;
        let owner = cluster.open("postgres.owner", File::options().write(true).truncate(false))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match owner.try_lock() {
                Ok(()) => return Self::own(cluster, owner, deadline),
                Err(TryLockError::WouldBlock) if cluster.answers() => return Self::share(cluster),
                Err(TryLockError::WouldBlock) => cluster.pause(deadline)?,
                Err(TryLockError::Error(error)) => return Err(at(&cluster.data)(error)),
            }
        }
    }

    fn own(cluster: Cluster, owner: File, deadline: Instant) -> Result<Self, PostgresError> {
        cluster.must_be_reachable()?;
        cluster.remove_unfinished();
        if !cluster.folder.join("PG_VERSION").exists() {
            cluster.initialise()?;
        }
        cluster.prepare_sockets()?;
        let password = cluster.password()?;
        let server = cluster.serve(deadline)?;
        Ok(Self { cluster, password, owner: Some(owner), server })
    }

    fn share(cluster: Cluster) -> Result<Self, PostgresError> {
        log::info!(
            "Using the PostgreSQL that another process owns in {}.",
            cluster.folder.display()
        );
        Ok(Self { password: cluster.password()?, cluster, owner: None, server: None })
    }

    /// Where the database is, for libpq. It holds the password.
    pub fn url(&self) -> String {
        let host = percent_encoded(&self.cluster.sockets);
        format!("postgresql://{NAME}:{}@/{NAME}?host={host}&port=5432", self.password)
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        if self.owner.is_none() {
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

/// Where a server has its things, and how its programs are run.
struct Cluster {
    data: PathBuf,
    folder: PathBuf,
    sockets: PathBuf,
    programs: PathBuf,
    /// Only when we are root, as whom PostgreSQL refuses to run.
    user: Option<User>,
}

impl Cluster {
    fn find(data_dir: &Path) -> Result<Self, PostgresError> {
        let data = data_folder(data_dir)?;
        let folder = data.join("postgres");
        let sockets = sockets_folder(&folder, &data.metadata().map_err(at(&data))?);
        let version = fs::read_to_string(folder.join("PG_VERSION")).ok();
        let programs = programs_folder(env::var_os("PG_BIN"), version.as_deref().map(str::trim))?;
        let user = is_root().then(|| User::unprivileged(&folder));
        Ok(Self { data, folder, sockets, programs, user })
    }

    /// Asks the system itself, as rights are more than mode bits.
    fn must_be_reachable(&self) -> Result<(), PostgresError> {
        if self.user.is_none() {
            return Ok(());
        }
        let enter = |folder| run(self.command("/bin/sh").args(["-c", "cd \"$0\""]).arg(folder));
        let closed = self.data.ancestors().take_while(|folder| enter(*folder).is_err()).last();
        closed.map_or(Ok(()), |folder| Err(PostgresError::Unreachable(folder.into())))
    }

    /// Clears away what was interrupted. Each attempt has a name of its own, as an `initdb` that has
    /// outlived its owner may still be writing there.
    fn remove_unfinished(&self) {
        for entry in fs::read_dir(&self.data).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Gives the cluster its name only when it is complete.
    fn initialise(&self) -> Result<(), PostgresError> {
        log::info!("Making a PostgreSQL cluster in {}, once.", self.folder.display());
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
        self.give_to_user(&path)
            .and_then(|()| file.write_all(password.as_bytes()))
            .and_then(|()| file.sync_all())
            .map_err(at(&path))
    }

    fn password(&self) -> Result<String, PostgresError> {
        let path = self.data.join("postgres.password");
        fs::read_to_string(&path).map_err(at(&path))
    }

    fn initdb(&self, cluster: &Path, locale: &str) -> Result<(), PostgresError> {
        let mut initdb = self.command("initdb");
        initdb.args(["--username", NAME, "--auth=scram-sha-256", "--encoding=UTF8"]);
        initdb.arg("--pwfile").arg(self.data.join("postgres.password"));
        run(initdb.args(["--locale", locale, "-D"]).arg(cluster))
    }

    /// A server without sockets reads its commands from the standard input, so that no client
    /// program is needed.
    fn create_database(&self, cluster: &Path) -> Result<(), PostgresError> {
        let (commands, mut sink) = io::pipe().map_err(at(cluster))?;
        writeln!(sink, "create database {NAME}").map_err(at(cluster))?;
        drop(sink);
        let mut server = self.command("postgres");
        server.args(["--single", "-c", "exit_on_error=on", "-D"]).arg(cluster).arg("postgres");
        run(server.stdin(commands))
    }

    /// Makes the folder of the socket, if that is not the cluster. Outside of our data folder it may
    /// be there already, and must then be ours.
    fn prepare_sockets(&self) -> Result<(), PostgresError> {
        if self.sockets == self.folder {
            return Ok(());
        }
        if let Err(error) = self.make_folder(&self.sockets)
            && error.kind() != ErrorKind::AlreadyExists
        {
            return Err(at(&self.sockets)(error));
        }
        let found = self.sockets.symlink_metadata().map_err(at(&self.sockets))?;
        let cluster = self.folder.metadata().map_err(at(&self.folder))?;
        if found.is_dir() && found.uid() == cluster.uid() && found.mode() & 0o077 == 0 {
            return Ok(());
        }
        Err(PostgresError::Foreign(self.sockets.clone()))
    }

    /// Starts the server, unless an owner who was killed has left one, running or just stopping.
    fn serve(&self, deadline: Instant) -> Result<Option<Child>, PostgresError> {
        self.forget_dead_server();
        while self.is_running() {
            if self.answers() {
                log::info!("Adopted the PostgreSQL that ran in {}.", self.folder.display());
                return Ok(None);
            }
            self.pause(deadline)?;
        }
        let _ = fs::rename(self.data.join("postgres.log"), self.data.join("postgres.log.old"));
        let last_try = Instant::now() + LAST_QUERIES;
        loop {
            let launched = self.launch(deadline).map(Some);
            let Err(PostgresError::Ended(_, words)) = &launched else { return launched };
            if !words.contains("pre-existing shared memory") || Instant::now() > last_try {
                return launched;
            }
            self.pause(deadline)?;
        }
    }

    /// PostgreSQL refuses to start while there is any process of the number in `postmaster.pid`. It
    /// may be a zombie or, after a crash of the machine, a stranger: a server works in its cluster.
    fn forget_dead_server(&self) {
        let Some(pid) = self.pid_file_line(0) else { return };
        let is_dead = match fs::metadata(format!("/proc/{pid}/cwd")) {
            Ok(home) => !self.folder.metadata().is_ok_and(|folder| is_same(&folder, &home)),
            // Elsewhere than on Linux nothing is found in `/proc`, and so nothing known.
            Err(error) => error.kind() == ErrorKind::NotFound && Path::new("/proc/self").exists(),
        };
        if is_dead {
            let _ = fs::remove_file(self.folder.join("postmaster.pid"));
            let _ = fs::remove_file(self.sockets.join(format!("{SOCKET}.lock")));
        }
    }

    fn launch(&self, deadline: Instant) -> Result<Child, PostgresError> {
        let mut server = self.spawn()?;
        while !self.answers() {
            if server.try_wait().map_err(at(&self.programs))?.is_some() {
                return Err(self.last_words());
            }
            self.pause(deadline)?;
        }
        log::info!("Started PostgreSQL in {}.", self.folder.display());
        Ok(server)
    }

    /// In a process group of its own: Ctrl-C in the terminal is for us, who stop the server when the
    /// work is done.
    fn spawn(&self) -> Result<Child, PostgresError> {
        let log = self.open("postgres.log", File::options().append(true))?;
        let errors = log.try_clone().map_err(at(&self.data))?;
        let mut server = self.command("postgres");
        server.args(["-h", "", "-p", "5432", "-D"]).arg(&self.folder).arg("-k");
        // A server works in its cluster; told so, it needs no path, which may have a quote in it.
        server.arg(if self.sockets == self.folder { Path::new(".") } else { &self.sockets });
        server.process_group(0).stdout(log).stderr(errors).spawn().map_err(at(&self.programs))
    }

    fn is_running(&self) -> bool {
        run(self.command("pg_ctl").args(["status", "-D"]).arg(&self.folder)).is_ok()
    }

    /// Ends the sessions that are still open, and waits until all is written.
    fn stop(&self) -> Result<(), PostgresError> {
        run(self.command("pg_ctl").args(["stop", "-m", "fast", "-D"]).arg(&self.folder))
    }

    /// The server is past its start and recovery, not yet in its end, and takes connections.
    fn answers(&self) -> bool {
        self.pid_file_line(7).is_some_and(|status| status.trim() == "ready")
            && UnixStream::connect(self.sockets.join(SOCKET)).is_ok()
    }

    fn pid_file_line(&self, number: usize) -> Option<String> {
        let text = fs::read_to_string(self.folder.join("postmaster.pid")).ok()?;
        text.lines().nth(number).map(str::to_owned)
    }

    fn pause(&self, deadline: Instant) -> Result<(), PostgresError> {
        if Instant::now() > deadline {
            return Err(PostgresError::Silent(self.data.join("postgres.log")));
        }
        thread::sleep(Duration::from_millis(10));
        Ok(())
    }

    fn last_words(&self) -> PostgresError {
        let path = self.data.join("postgres.log");
        let log = fs::read_to_string(&path).unwrap_or_default();
        let reason = log.lines().rfind(|line| line.contains("FATAL")).or(log.lines().last());
        PostgresError::Ended(path, reason.unwrap_or_default().to_owned())
    }

    /// One of the server's programs, or any by its absolute path. It gets neither our secrets nor a
    /// `PGPORT` meant for another server: its environment is empty.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env_clear().env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// Makes a folder that is closed to all but the server's user.
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)?;
        self.give_to_user(path)
    }

    fn give_to_user(&self, path: &Path) -> io::Result<()> {
        self.user.map_or(Ok(()), |user| chown(path, Some(user.uid), Some(user.gid)))
    }

    fn open(&self, name: &str, options: &mut OpenOptions) -> Result<File, PostgresError> {
        let path = self.data.join(name);
        options.create(true).mode(0o600).open(&path).map_err(at(&path))
    }
}

/// The data folder by its full path, made if need be: others may pass through root's, not look.
fn data_folder(path: &Path) -> Result<PathBuf, PostgresError> {
    if !path.exists() {
        let mode = if is_root() { 0o711 } else { 0o700 };
        fs::create_dir_all(path).map_err(at(path))?;
        fs::set_permissions(path, Permissions::from_mode(mode)).map_err(at(path))?;
    }
    let data = path.canonicalize().map_err(at(path))?;
    if is_root() && data.metadata().map_err(at(path))?.uid() != 0 {
        // Its owner could lay links in it, for root to write through.
        return Err(PostgresError::Foreign(data));
    }
    Ok(data)
}

/// The cluster, or where libpq cannot take that path, a name in `/tmp` that every process finds.
fn sockets_folder(cluster: &Path, data: &Metadata) -> PathBuf {
    let path = cluster.join(SOCKET).into_os_string().into_encoded_bytes();
    if path.len() <= SOCKET_PATH_MAX && !path.contains(&b',') {
        return cluster.into();
    }
    format!("/tmp/helpdesk-{:x}-{:x}", data.dev(), data.ino()).into()
}

/// The first folder that has the server's programs, in the version of the cluster if there is one.
fn programs_folder(
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

fn run(command: &mut Command) -> Result<(), PostgresError> {
    let program = PathBuf::from(command.get_program());
    let output = command.output().map_err(at(&program))?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(PostgresError::Failed(program, message))
}

/// An account.
#[derive(Clone, Copy, Debug, PartialEq)]
struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// Whoever has the cluster already, else `postgres`, else `nobody`.
    fn unprivileged(cluster: &Path) -> Self {
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
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn percent_encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(*byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

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
    /// The server ended before it answered; this is its log, and why.
    Ended(PathBuf, String),
    /// The server did not answer in time; this is its log.
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
                write!(f, "PostgreSQL has not answered for {PATIENCE:?}; see {}.", log.display())
            }
            Self::Io(path, error) => write!(f, "{} cannot be used: {error}", path.display()),
        }
    }
}

impl Error for PostgresError {}

fn at(path: &Path) -> impl FnOnce(io::Error) -> PostgresError {
    let path = path.to_owned();
    |error| PostgresError::Io(path, error)
}

#[cfg(test)]
mod tests {
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
        drop(killed.owner.take());
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

    #[test]
    fn a_path_that_libpq_cannot_take_gets_a_socket_elsewhere() -> io::Result<()> {
        let data = fs::metadata("/")?;
        let folder = |length| PathBuf::from("/".to_owned() + &"x".repeat(length - 1));
        let longest = folder(SOCKET_PATH_MAX - SOCKET.len() - 1);

        assert_eq!(sockets_folder(&longest, &data), longest);
        assert!(sockets_folder(&longest.join("x"), &data).starts_with("/tmp"));
        assert!(sockets_folder(Path::new("/a,b"), &data).starts_with("/tmp"));
        Ok(())
    }

    #[test]
    fn a_path_is_one_value_of_a_url() {
        assert_eq!(percent_encoded(Path::new("/a b/100%&ж")), "/a%20b/100%25%26%D0%B6");
    }

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
