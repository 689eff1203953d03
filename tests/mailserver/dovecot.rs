//! A Dovecot that serves the Maildir of a Postfix: over TLS from the beginning, and after STARTTLS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::{Address, free_address, wait_until};

/// A running Dovecot; it ends when dropped.
pub struct Dovecot {
    folder: PathBuf,
    /// With STARTTLS, and with TLS from the beginning.
    addresses: [Address; 2],
    process: Child,
}

impl Dovecot {
    /// Of the folder of a Postfix.
    pub fn start(folder: &Path) -> Self {
        let addresses = [free_address(), free_address()];
        let port = |it: &Address| it.rsplit(':').next().unwrap().to_owned();
        let config = include_str!("dovecot.conf")
            .replace("{folder}", folder.to_str().unwrap())
            .replace("{imap}", &port(&addresses[0]))
            .replace("{imaps}", &port(&addresses[1]));
        fs::write(folder.join("dovecot.conf"), config).unwrap();
        let mut dovecot = Command::new("dovecot");
        dovecot.arg("-F").arg("-c").arg(folder.join("dovecot.conf"));
        let process = dovecot.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let process = process.unwrap();
        let dovecot = Self { folder: folder.to_owned(), addresses, process };
        wait_until("Dovecot listens", || {
            dovecot.addresses.iter().all(|it| std::net::TcpStream::connect(&**it).is_ok())
        });
        dovecot
    }

    /// The folder of a scheme, `imap` or `imaps`.
    pub fn url(&self, scheme: &str, folder: &str) -> String {
        let address = &self.addresses[usize::from(scheme == "imaps")];
        format!("{scheme}://help%40box.example:geheim@{address}/{folder}")
    }

    /// Runs its administration program.
    pub fn adm(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("doveadm");
        let command = command.arg("-c").arg(self.folder.join("dovecot.conf")).args(arguments);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The number of mails in a folder that match.
    pub fn count(&self, folder: &str, what: &str) -> usize {
        let found = self.adm(&["search", "-u", "help@box.example", "mailbox", folder, what]);
        found.lines().count()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _stopped = Command::new("doveadm")
            .arg("-c")
            .arg(self.folder.join("dovecot.conf"))
            .arg("stop")
            .output();
        let _ended = self.process.wait();
    }
}
