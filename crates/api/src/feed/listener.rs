//! The one listener of a process: it is notified by the database when any process commits events, and wakes all
//! streams. It uses one connection, however many streams there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;

use crate::db::Database;
use crate::feed::streams::Streams;

/// How often notifications are checked; this sends nothing to the database.
const PAUSE: Duration = Duration::from_millis(40);

/// How often streams look by themselves, and check that their reader is still permitted;
/// this catches missed notifications.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// How long the listener rests without a database.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// The listening thread; it ends when dropped.
#[derive(Debug)]
pub struct Listener {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    pub fn start(database: Database, streams: Arc<Streams>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told_to_stop = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            while !told_to_stop.load(Ordering::Relaxed) {
                let losses = database.outage().losses();
                if let Err(cause) = listen(&database, &streams, &told_to_stop) {
                    database.outage().record_loss(losses, &cause);
                    std::thread::park_timeout(RETRY_PAUSE);
                }
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return };
        thread.thread().unpark();
        if thread.join().is_err() {
            log::error!("the listener panicked");
        }
    }
}

/// Listens until it is stopped.
/// Errors: the connection failed.
fn listen(database: &Database, streams: &Streams, stop: &AtomicBool) -> Result<(), String> {
    let mut conn = database.connect()?;
    conn.batch_execute("listen events").map_err(|it| it.to_string())?;
    database.outage().end();
    let mut looked_at = None::<Instant>;
    while !stop.load(Ordering::Relaxed) {
        let mut is_news = false;
        for heard in conn.notifications_iter() {
            heard.map_err(|it| it.to_string())?;
            is_news = true;
        }
        if looked_at.is_none_or(|it| it.elapsed() >= POLL_INTERVAL) {
            // Only this notices a dead connection.
            conn.batch_execute("select 1").map_err(|it| it.to_string())?;
            looked_at = Some(Instant::now());
            is_news = true;
        }
        if is_news {
            streams.ring();
        }
        std::thread::park_timeout(PAUSE);
    }
    Ok(())
}
