//! The cluster of the private server: made once, started, found again, stopped.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::postgres::error::{PostgresError, at};
use crate::postgres::installed::{User, is_root, linux_version, programs_folder};

/// The name PostgreSQL gives its socket, after its port.
pub(super) const SOCKET: &str = ".s.PGSQL.5432";
/// Linux takes 107 bytes as the path of a socket, macOS 103.
const SOCKET_PATH_MAX: usize = 103;
/// How long we wait for processes that have outlived their server and keep the next one from starting.
const SURVIVOR_TIMEOUT: Duration = Duration::from_secs(5);
/// Ends the server's processes that work in the folder `$0`. Run as the server's user, who may see them;
/// on other systems than Linux nothing is found.
const END_SURVIVORS: &str = r#"
for process in /proc/[0-9]*; do
    [ "$process/cwd" -ef "$0" ] && read -r name <"$process/comm" && [ "$name" = postgres ] &&
        kill -"$1" "${process#/proc/}"
done
exit 0
"#;

/// Where a server has its files, and how its programs are run.
pub(super) struct Cluster {
    pub(super) data: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) sockets: PathBuf,
    pub(super) programs: PathBuf,
    /// Only if we are root, as which PostgreSQL refuses to run.
    pub(super) user: Option<User>,
}

impl Cluster {
    pub(super) fn find(data_dir: &Path) -> Result<Self, PostgresError> {
        let data = data_folder(data_dir)?;
        let folder = data.join("postgres");
        let sockets = sockets_folder(&folder, &data.metadata().map_err(at(&data))?);
        let version = fs::read_to_string(folder.join("PG_VERSION")).ok();
        let programs = programs_folder(env::var_os("PG_BIN"), version.as_deref().map(str::trim))?;
        let user = is_root().then(|| User::unprivileged(&folder));
        Ok(Self { data, folder, sockets, programs, user })
    }

    /// Asks the system itself, since permissions are more than mode bits.
    pub(super) fn check_reachable(&self) -> Result<(), PostgresError> {
        if self.user.is_none() {
            return Ok(());
        }
        let enter = |folder| run(self.command("/bin/sh").args(["-c", "cd \"$0\""]).arg(folder));
        let closed = self.data.ancestors().take_while(|folder| enter(*folder).is_err()).last();
        closed.map_or(Ok(()), |folder| Err(PostgresError::Unreachable(folder.into())))
    }

    pub(super) fn password(&self) -> Result<String, PostgresError> {
        let path = self.data.join("postgres.password");
        fs::read_to_string(&path).map_err(at(&path))
    }

    /// Makes the folder of the socket, if that is not the cluster. Outside of our data folder it may
    /// be there already, and must then be ours.
    pub(super) fn prepare_sockets(&self) -> Result<(), PostgresError> {
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

    /// Keeps the log of the last server, and lets the next begin a new one.
    pub(super) fn rotate_log(&self) {
        let _ = fs::rename(self.data.join("postgres.log"), self.data.join("postgres.log.old"));
    }

    /// Starts the server, unless an owner who was killed has left one, running or just stopping.
    pub(super) fn serve(&self, deadline: Instant) -> Result<Option<Child>, PostgresError> {
        self.remove_stale_pid_file();
        while self.is_running() {
            if self.is_responding() {
                log::info!(
                    "Using the PostgreSQL that is already running in {}.",
                    self.folder.display()
                );
                return Ok(None);
            }
            self.pause(deadline)?;
        }
        let last_try = Instant::now() + SURVIVOR_TIMEOUT;
        self.end_survivors("QUIT")?;
        loop {
            let launched = self.launch(deadline).map(Some);
            let Err(PostgresError::Ended(_, words)) = &launched else { return launched };
            if !words.contains("pre-existing shared memory") || Instant::now() > last_try {
                return launched;
            }
            self.end_survivors("KILL")?;
            self.pause(deadline)?;
        }
    }

    /// A query outlives a server that was killed, and shares its memory: the next server waits for
    /// its end, and its client is gone.
    fn end_survivors(&self, signal: &str) -> Result<(), PostgresError> {
        let mut end = self.command("/bin/sh");
        run(end.args(["-c", END_SURVIVORS]).arg(&self.folder).arg(signal))
    }

    /// PostgreSQL refuses to start while there is any process with the number in `postmaster.pid`.
    fn remove_stale_pid_file(&self) {
        if !self.is_alive() {
            self.remove_pid_file();
        }
    }

    /// Forgets a server that is known to have ended, whoever has its number now.
    pub(super) fn forget(&self, server: u32) {
        if self.pid_file_line(0).is_some_and(|it| it.trim() == server.to_string()) {
            self.remove_pid_file();
        }
    }

    /// Whether the process in `postmaster.pid` is our server. It may be a zombie or, after a crash of
    /// the machine, a stranger: a server works in its cluster.
    pub(super) fn is_alive(&self) -> bool {
        let Some(pid) = self.pid_file_line(0) else { return false };
        match fs::metadata(format!("/proc/{pid}/cwd")) {
            Ok(home) => self.folder.metadata().is_ok_and(|folder| is_same(&folder, &home)),
            // On other systems than Linux there is nothing in `/proc`, so nothing is known.
            Err(error) => error.kind() != ErrorKind::NotFound || !Path::new("/proc/self").exists(),
        }
    }

    fn remove_pid_file(&self) {
        let _ = fs::remove_file(self.folder.join("postmaster.pid"));
        let _ = fs::remove_file(self.sockets.join(format!("{SOCKET}.lock")));
    }

    fn launch(&self, deadline: Instant) -> Result<Child, PostgresError> {
        let log = self.open("postgres.log", File::options().append(true))?;
        let log_length = log.metadata().map_err(at(&self.data))?.len();
        let mut server = self.spawn(log)?;
        while !self.is_responding() {
            if server.try_wait().map_err(at(&self.programs))?.is_some() {
                return Err(self.last_words(log_length));
            }
            self.pause(deadline)?;
        }
        log::info!("Started PostgreSQL in {}.", self.folder.display());
        Ok(server)
    }

    /// In a process group of its own: Ctrl-C in the terminal is meant for us, and we stop the server when
    /// the work is done.
    fn spawn(&self, log: File) -> Result<Child, PostgresError> {
        let errors = log.try_clone().map_err(at(&self.data))?;
        let mut server = self.command("postgres");
        server.args(["-h", "", "-p", "5432", "-D"]).arg(&self.folder);
        if self.syncs_at_once() {
            server.args(["-c", "recovery_init_sync_method=syncfs"]);
        }
        server.arg("-k");
        // A server works in its cluster: started there, it needs no path, which may have a quote in it.
        server.arg(if self.sockets == self.folder { Path::new(".") } else { &self.sockets });
        server.process_group(0).stdout(log).stderr(errors).spawn().map_err(at(&self.programs))
    }

    /// After a crash a server writes everything through to the disk before it recovers: file by file
    /// that takes seconds, the whole file system at once a tenth of it. PostgreSQL 14 can do that, and since 5.8
    /// Linux reports write errors there.
    fn syncs_at_once(&self) -> bool {
        let version = fs::read_to_string(self.folder.join("PG_VERSION")).unwrap_or_default();
        version.trim().parse().is_ok_and(|it: u32| it >= 14) && linux_version() >= Some((5, 8))
    }

    fn is_running(&self) -> bool {
        run(self.command("pg_ctl").args(["status", "-D"]).arg(&self.folder)).is_ok()
    }

    /// Ends the sessions that are still open, and waits until all is written.
    pub(super) fn stop(&self) -> Result<(), PostgresError> {
        run(self.command("pg_ctl").args(["stop", "-m", "fast", "-D"]).arg(&self.folder))
    }

    /// Whether the server accepts connections: it has started and recovered, and is not shutting down.
    pub(super) fn is_responding(&self) -> bool {
        self.pid_file_line(7).is_some_and(|status| status.trim() == "ready")
            && UnixStream::connect(self.sockets.join(SOCKET)).is_ok()
    }

    fn pid_file_line(&self, number: usize) -> Option<String> {
        let text = fs::read_to_string(self.folder.join("postmaster.pid")).ok()?;
        text.lines().nth(number).map(str::to_owned)
    }

    pub(super) fn pause(&self, deadline: Instant) -> Result<(), PostgresError> {
        if Instant::now() > deadline {
            return Err(PostgresError::Silent(self.data.join("postgres.log")));
        }
        thread::sleep(Duration::from_millis(10));
        Ok(())
    }

    /// Why a server ended, from its log after this many bytes.
    fn last_words(&self, log_length: u64) -> PostgresError {
        let path = self.data.join("postgres.log");
        let mut words = String::new();
        // A log that cannot be read says nothing; its path is named anyway.
        let _ = File::open(&path).and_then(|mut log| {
            log.seek(SeekFrom::Start(log_length))?;
            log.read_to_string(&mut words)
        });
        // Without the time and the number of the process: the same reason is the same sentence.
        // Clients that came too early get a FATAL, too.
        let own = words.lines().filter(|it| !it.contains("the database system is"));
        let mut reasons = own.filter_map(|it| it.split_once("FATAL:"));
        let reason = reasons.next_back().map(|(_, reason)| reason).or(words.lines().last());
        PostgresError::Ended(path, reason.unwrap_or_default().trim().to_owned())
    }

    /// One of the server's programs, or any by its absolute path. It gets neither our secrets nor a
    /// `PGPORT` meant for another server: its environment is empty.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env_clear().env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// Makes a folder that is closed to all but the server's user.
    pub(super) fn make_folder(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)?;
        self.set_owner(path)
    }

    pub(super) fn set_owner(&self, path: &Path) -> io::Result<()> {
        self.user.map_or(Ok(()), |user| chown(path, Some(user.uid), Some(user.gid)))
    }

    pub(super) fn open(
        &self,
        name: &str,
        options: &mut OpenOptions,
    ) -> Result<File, PostgresError> {
        let path = self.data.join(name);
        options.create(true).mode(0o600).open(&path).map_err(at(&path))
    }
}

/// The data folder by its full path, created if necessary: others may pass through root's, but not list it.
fn data_folder(path: &Path) -> Result<PathBuf, PostgresError> {
    if !path.exists() {
        let mode = if is_root() { 0o711 } else { 0o700 };
        fs::create_dir_all(path).map_err(at(path))?;
        fs::set_permissions(path, Permissions::from_mode(mode)).map_err(at(path))?;
    }
    let data = path.canonicalize().map_err(at(path))?;
    if is_root() && data.metadata().map_err(at(path))?.uid() != 0 {
        // Its owner could place links in it, through which root would write.
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

pub(super) fn run(command: &mut Command) -> Result<(), PostgresError> {
    let program = PathBuf::from(command.get_program());
    let output = command.output().map_err(at(&program))?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(PostgresError::Failed(program, message))
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

pub(super) fn percent_encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(*byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
