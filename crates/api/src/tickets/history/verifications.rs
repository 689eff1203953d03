//! Running verifications: callers that wait for the same history share the next one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::problem::Problem;
use crate::tickets::history::chain_check::HistoryCheck;

/// A history, with or without what is internal.
type Key = (i64, bool);

/// The last verification, with its start.
type Last = Arc<tokio::sync::Mutex<Option<(Instant, HistoryCheck)>>>;

#[derive(Default)]
pub struct Verifications(Mutex<HashMap<Key, Last>>);

impl Verifications {
    /// The result of a verification that began after the request: one's own, unless another waiting caller has
    /// begun one meanwhile. An earlier one would not do, since the database may have changed.
    /// Errors: those of `verify`.
    pub async fn share(
        &self,
        ticket_id: i64,
        reads_internal: bool,
        verify: impl Future<Output = Result<HistoryCheck, Problem>>,
    ) -> Result<Shared, Problem> {
        let (asked_at, key) = (Instant::now(), (ticket_id, reads_internal));
        let line = Line { of: self, key, last: self.line(key) };
        let mut last = line.last.lock().await;
        if let Some((began_at, check)) = &*last
            && *began_at > asked_at
        {
            return Ok(Shared::OfAnother(check.clone()));
        }
        let began_at = Instant::now();
        let check = verify.await?;
        *last = Some((began_at, check.clone()));
        Ok(Shared::Own(check))
    }

    fn line(&self, key: Key) -> Last {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lines.entry(key).or_default())
    }
}

/// Whose verification it was.
pub enum Shared {
    Own(HistoryCheck),
    OfAnother(HistoryCheck),
}

/// A place in the queue of a history; the last to leave removes the queue.
struct Line<'a> {
    of: &'a Verifications,
    key: Key,
    last: Last,
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let mut lines = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One reference is held by the map, and one by this.
        if Arc::strong_count(&self.last) <= 2 {
            lines.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    /// RS04: of many who ask at once the first verifies, and all others share one more.
    #[actix_web::test]
    async fn sec_rs04_verifications_of_one_history_are_shared() {
        let (verifications, count) = (Verifications::default(), AtomicUsize::new(0));
        let verify = async || {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            Ok(HistoryCheck {
                intact: true,
                events: 1,
                redacted: 0,
                imported: 0,
                first_broken: None,
            })
        };

        let all = join_all((0..8).map(|_| verifications.share(7, true, verify()))).await;

        assert!(all.iter().all(Result::is_ok));
        assert_eq!(count.load(Ordering::Relaxed), 2);
        assert!(verifications.0.lock().is_ok_and(|it| it.is_empty()), "no line is left");
    }
}
