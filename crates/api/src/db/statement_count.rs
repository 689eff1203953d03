//! How much requests ask of the database.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// How many statements this process has sent for requests, BEGIN and COMMIT left out.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// The statements sent so far, for `/metrics`.
pub fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

pub(super) struct StatementCount;

impl Instrumentation for StatementCount {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other cases are the library's, and may grow"
    )]
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
            // Each of these is also told as a query.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                STATEMENTS.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}
