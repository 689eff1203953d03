//! What the open streams of a process share: who has how many, and the bell that wakes them.

use std::sync::Arc;

use tokio::sync::watch;

use crate::limits::slots;
use crate::limits::slots::{NoSlot, Slots};
use crate::problem::{Code, Problem};

/// The maximum number of open streams of a person in this process.
pub const MAX_OF_USER: usize = 10;

/// The maximum number of open streams in this process.
const MAX_OF_PROCESS: usize = 500;

/// Seconds after which to try again to open a stream.
const RETRY: u32 = 10;

/// What the bell announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// There may be new events.
    Events,
    End,
}

/// The open streams of this process.
#[derive(Debug)]
pub struct Streams {
    bell: watch::Sender<News>,
    slots: Arc<Slots>,
}

impl Default for Streams {
    fn default() -> Self {
        let slots = Arc::new(Slots::new(MAX_OF_USER, MAX_OF_PROCESS));
        Self { bell: watch::Sender::new(News::Events), slots }
    }
}

impl Streams {
    /// Tells all streams to look for new events.
    pub fn ring(&self) {
        self.bell.send_modify(|_| {});
    }

    /// Ends all streams, for good.
    pub fn end(&self) {
        self.bell.send_replace(News::End);
    }

    /// A slot for one more stream of a person.
    /// Errors: `too_many_streams` for the person, `unavailable` for a process that has too many
    /// of all, or that stops.
    pub fn enter(&self, user_id: i64) -> Result<Slot, Problem> {
        let bell = self.bell.subscribe();
        if *bell.borrow() == News::End {
            return Err(Problem::unavailable("streams are not opened while the service stops"));
        }
        let slot = self.slots.enter(user_id).map_err(|full| {
            let problem = match full {
                NoSlot::OfPerson => Problem::new(Code::TooManyStreams),
                NoSlot::OfAll => Problem::unavailable("the maximum number of streams is open"),
            };
            Problem { retry_after: Some(RETRY), ..problem }
        })?;
        Ok(Slot { bell, _slot: slot })
    }
}

/// The slot of one stream; released when dropped.
#[derive(Debug)]
pub struct Slot {
    /// Where the stream hears of news.
    pub bell: watch::Receiver<News>,
    _slot: slots::Slot,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RS05: the streams of a person and of a process are limited; a slot is free again at once.
    #[test]
    fn sec_rs05_streams_are_counted() {
        let streams = Streams::default();
        let code = |user_id: i64| streams.enter(user_id).map_err(|it| it.code).err();
        let mut slots: Vec<Slot> = (0..MAX_OF_USER).filter_map(|_| streams.enter(0).ok()).collect();

        assert_eq!(code(0), Some(Code::TooManyStreams));
        assert_eq!(code(1), None);
        slots.pop();
        assert_eq!(code(0), None);
        let others = (1..).flat_map(|it| std::iter::repeat_n(it, MAX_OF_USER));
        slots.extend(others.map_while(|it| streams.enter(it).ok()));
        assert_eq!(slots.len(), MAX_OF_PROCESS);
        assert_eq!(code(9_999), Some(Code::Unavailable));
        slots.clear();
        assert_eq!(code(0), None);
        streams.end();
        assert_eq!(code(0), Some(Code::Unavailable));
    }
}
