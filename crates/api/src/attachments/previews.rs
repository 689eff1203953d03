//! Whose preview is made next: each takes a core and up to 300 MB, so few are made at once and few wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::limits::slots;
use crate::limits::slots::{NoSlot, Slots};
use crate::problem::{Code, Problem};

/// How many previews are made at once.
const AT_ONCE: usize = 2;

/// How many a person may be waiting for: what browsers ask for at once.
const MAX_OF_USER: usize = 30;

/// How many may be waited for in all.
const MAX_OF_PROCESS: usize = 200;

/// How long a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(15);

/// The turns of this process.
#[derive(Debug)]
pub struct Previews {
    slots: Arc<Slots>,
    turns: Arc<Semaphore>,
}

/// A turn; the next one's when dropped.
#[derive(Debug)]
pub struct Turn {
    _slot: slots::Slot,
    _turn: OwnedSemaphorePermit,
}

impl Default for Previews {
    fn default() -> Self {
        let slots = Arc::new(Slots::new(MAX_OF_USER, MAX_OF_PROCESS));
        Self { slots, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Previews {
    /// Waits for a turn.
    /// Errors: `too_many_requests` for a person who waits for too many previews, `unavailable` if everybody together does.
    pub async fn turn(&self, user_id: i64) -> Result<Turn, Problem> {
        let busy = || Problem::unavailable("too many previews are already queued");
        let slot = self.slots.enter(user_id).map_err(|full| match full {
            NoSlot::OfPerson => {
                Problem { retry_after: Some(1), ..Problem::new(Code::TooManyRequests) }
            }
            NoSlot::OfAll => busy(),
        })?;
        let turn = timeout(MAX_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(Problem::unexpected)?;
        Ok(Turn { _slot: slot, _turn: turn })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// AT10: nobody waits for more previews than their browser asks for, and a turn is free again at once.
    #[actix_web::test]
    async fn sec_at10_the_queue_for_previews_is_bounded() {
        let previews = Previews::default();
        let held = [previews.turn(1).await.expect("free"), previews.turn(1).await.expect("free")];
        let mut waiting: Vec<_> = (2..MAX_OF_USER).map(|_| Box::pin(previews.turn(1))).collect();
        for it in &mut waiting {
            assert!(it.as_mut().now_or_never().is_none());
        }

        let refused = previews.turn(1).await.expect_err("full");

        assert_eq!((refused.code, refused.retry_after), (Code::TooManyRequests, Some(1)));
        drop(held);
        waiting.swap_remove(0).await.expect("a turn");
    }
}
