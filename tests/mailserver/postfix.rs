//! A Postfix of its own: with STARTTLS, without SMTPUTF8, with greylisting, which pipes one domain to us, delivers
//! two into a Maildir, and reports what it cannot deliver.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address as MailAddress, SmtpTransport, Transport as _};

use super::greylist;
use crate::support::{Address, free_address, program, wait_until};

/// What is piped to `helpdesk inbound-mail`.
pub const PIPED: &str = "pipe.example";

/// Whoever owns the Maildir.
pub const NOBODY: u32 = 65_534;

/// Whoever runs the pipe: the one user besides root who reaches the private PostgreSQL's socket.
const PIPES: &str = "postgres";

const CERTIFICATE: &[u8] = include_bytes!("mx.pem");

/// A running Postfix; it ends when dropped.
pub struct Postfix {
    /// All that is its own.
    pub folder: PathBuf,
    address: Address,
    process: Child,
}

impl Postfix {
    pub fn start() -> Self {
        let address = free_address();
        let folder = PathBuf::from(format!("/var/tmp/helpdesk-mail-{}", address.replace(':', "-")));
        let _former = fs::remove_dir_all(&folder);
        for name in ["etc", "queue", "data", "mail", "work", "files"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        chown(folder.join("mail"), Some(NOBODY), Some(NOBODY)).unwrap();
        // The service and its pipe are different users.
        let shared = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.join("files"), shared).unwrap();
        for (owner, name) in [("postfix", "data"), (PIPES, "work")] {
            let owned = Command::new("chown").arg(owner).arg(folder.join(name)).status();
            assert!(owned.unwrap().success());
        }
        let write =
            |name: &str, text: &[u8]| fs::write(folder.join("etc").join(name), text).unwrap();
        write("tls.pem", CERTIFICATE);
        let key = folder.join("etc/tls.pem");
        fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
        write("authority.pem", CERTIFICATE);
        write("boxes", b"if !/^gone@/\n/./ all/\nendif\n");
        let greylist = greylist::start();
        let place = folder.to_str().unwrap();
        let named = |text: &str| {
            text.replace("{folder}", place)
                .replace("{address}", &address)
                .replace("{greylist}", &greylist)
        };
        write("main.cf", named(include_str!("main.cf")).as_bytes());
        write("master.cf", named(include_str!("master.cf")).as_bytes());
        let mut postfix = Command::new("postfix");
        postfix.arg("-c").arg(folder.join("etc")).arg("start-fg");
        let process = postfix.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let postfix = Self { folder, address, process: process.unwrap() };
        wait_until("Postfix listens", || std::net::TcpStream::connect(&*postfix.address).is_ok());
        postfix
    }

    /// Where mail is handed to it, over TLS or not at all.
    pub fn url(&self) -> String {
        format!("smtp://{}?tls=required", self.address)
    }

    /// Where the service and its pipe store files.
    pub fn storage_url(&self) -> String {
        format!("file://{}/files", self.folder.display())
    }

    /// The certificate that vouches for it, and for the Dovecot beside it.
    pub fn authority(&self) -> String {
        self.folder.join("etc/authority.pem").to_str().unwrap().to_owned()
    }

    /// Pipes what comes to its domain into the program with these settings.
    pub fn pipe_with(&self, settings: &[(&str, String)]) {
        let binary = self.folder.join("helpdesk");
        if !binary.exists() {
            let built = program().get_program().to_owned();
            fs::hard_link(&built, &binary)
                .or_else(|_| fs::copy(&built, &binary).map(drop))
                .unwrap();
        }
        let lines = settings.iter().map(|(name, value)| format!("export {name}='{value}'\n"));
        let script = format!(
            "#!/bin/sh\n{}export HELPDESK_DATA_DIR='{}'\nexec '{}' inbound-mail 2>>'{}'\n",
            lines.collect::<String>(),
            self.folder.join("work").display(),
            binary.display(),
            self.folder.join("work/pipe.log").display(),
        );
        let draft = self.folder.join("pipe.draft");
        fs::write(&draft, script).unwrap();
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(draft, self.folder.join("pipe.sh")).unwrap();
    }

    /// Hands a mail to it, as a person's program does.
    pub fn submit(&self, from: &str, to: &str, mail: &str) {
        let (host, port) = self.address.split_once(':').unwrap();
        let trusted = Certificate::from_pem(CERTIFICATE).unwrap();
        let tls = TlsParameters::builder(host.to_owned()).add_root_certificate(trusted).build();
        let server = SmtpTransport::builder_dangerous(host)
            .port(port.parse().unwrap())
            .tls(Tls::Required(tls.unwrap()))
            .build();
        let address = |it: &str| it.parse::<MailAddress>().unwrap();
        let envelope = lettre::address::Envelope::new(Some(address(from)), vec![address(to)]);
        let envelope = envelope.unwrap();
        // The first attempt of a stranger is put off.
        wait_until("Postfix takes the mail", || {
            server.send_raw(&envelope, mail.as_bytes()).is_ok()
        });
    }

    /// The mails that it has delivered into the Maildir, and that nobody has read.
    pub fn delivered(&self) -> Vec<Vec<u8>> {
        files(&self.folder.join("mail/all/new"))
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _stopped =
            Command::new("postfix").arg("-c").arg(self.folder.join("etc")).arg("stop").output();
        let _ended = self.process.wait();
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

pub fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.iter().filter_map(|it| fs::read(it).ok()).collect()
}
