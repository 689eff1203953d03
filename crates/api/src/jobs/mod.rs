//! Work that no request waits for: claimed in the database, by any number of processes.

pub mod mail;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::db::Db;
use crate::mail::transport::Mailer;

/// How often an idle worker looks for work.
const PAUSE: Duration = Duration::from_millis(500);

/// The worker of this process; it ends when dropped.
#[derive(Debug)]
pub struct Worker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts to work.
    pub fn start(db: Db, mailer: Mailer, public_url: String) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                if !mail::send_next(&db, &mailer, &public_url) {
                    std::thread::park_timeout(PAUSE);
                }
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            if thread.join().is_err() {
                log::error!("the worker had panicked");
            }
        }
    }
}
