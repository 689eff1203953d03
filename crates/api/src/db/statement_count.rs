//! Counts the statements that are sent to the database.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// For whom statements are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    Requests,
    Jobs,
}

/// How many statements this process has sent for requests, and how many for jobs, BEGIN
/// and COMMIT left out.
static OF_REQUESTS: AtomicU64 = AtomicU64::new(0);
static OF_JOBS: AtomicU64 = AtomicU64::new(0);

impl Sender {
    const fn count(self) -> &'static AtomicU64 {
        match self {
            Self::Requests => &OF_REQUESTS,
            Self::Jobs => &OF_JOBS,
        }
    }
}

/// The statements sent so far, for `/metrics`.
pub fn statements(sender: Sender) -> u64 {
    sender.count().load(Ordering::Relaxed)
}

pub(super) struct StatementCount(pub(super) Sender);

impl Instrumentation for StatementCount {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other cases are the library's, and may grow"
    )]
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let count = self.0.count();
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                count.fetch_add(1, Ordering::Relaxed);
            }
            // These are also reported as queries.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                count.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}
