//! Addresses and folders that nobody else uses.

use std::fmt::{self, Display, Formatter};
use std::net::{TcpListener, UdpSocket};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use super::cluster::cluster;

/// A folder that does not exist yet and goes away with the run.
pub fn private_folder() -> PathBuf {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);

    cluster().folder.join(format!("private-{}", FOLDERS.fetch_add(1, Ordering::Relaxed)))
}

/// An address that nobody else listens on. What listens there speaks TCP; the UDP socket on the
/// same port reserves it among the test runs on this machine, even while nothing listens.
pub struct Address {
    text: String,
    _reservation: UdpSocket,
}

impl Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An address from below the ports that clients are given, so that no client takes it meanwhile.
pub fn free_address() -> Address {
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 20_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);

    let start = (std::process::id().wrapping_mul(613) % u32::from(COUNT)) as u16;
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + (start.wrapping_add(next) % COUNT);
        let text = format!("127.0.0.1:{port}");
        if let Ok(reservation) = UdpSocket::bind(&text)
            && TcpListener::bind(&text).is_ok()
        {
            return Address { text, _reservation: reservation };
        }
    }
}
