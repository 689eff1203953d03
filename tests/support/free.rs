//! Addresses and folders that nobody else uses.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use super::cluster::cluster;

/// A folder that does not exist yet and goes away with the run.
pub fn private_folder() -> PathBuf {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);

    cluster().folder.join(format!("private-{}", FOLDERS.fetch_add(1, Ordering::Relaxed)))
}

/// An address that nobody listens on, from below the ports that clients are given, so that none
/// takes it in between.
pub fn free_address() -> String {
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 20_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);

    let start = (std::process::id().wrapping_mul(613) % u32::from(COUNT)) as u16;
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + (start.wrapping_add(next) % COUNT);
        let address = format!("127.0.0.1:{port}");
        if TcpListener::bind(&address).is_ok() {
            return address;
        }
    }
}
