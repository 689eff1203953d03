//! Looks for work for all duties of a process at once: when something was committed here, and otherwise once a
//! second, so that an idle process asks little of the database.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::db::{Bell, is_outage};
use crate::problem::Problem;
use crate::worker::alarm::Alarm;

/// Returns for each duty by name how many items wait.
pub type FindWork = dyn Fn() -> Result<Vec<(String, i64)>, Problem> + Send + Sync;

/// How soon work that other processes have committed is found.
const POLL: Duration = Duration::from_secs(1);

/// The pause between two looks, so that what arrives in quick succession is found together.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

pub struct Watch {
    pub find_work: Arc<FindWork>,
    pub bell: Arc<Bell>,
    pub alarms: HashMap<&'static str, Arc<Alarm>>,
}

impl Watch {
    /// Looks until it is stopped.
    pub fn run(&self, stop: &AtomicBool) {
        let mut is_failing = false;
        while !stop.load(Ordering::Relaxed) {
            let look = catch_unwind(AssertUnwindSafe(|| (self.find_work)()));
            match look.unwrap_or_else(|_| Err(Problem::unexpected("panicked"))) {
                Ok(found) => {
                    self.call(&found);
                    is_failing = false;
                }
                Err(problem) if is_outage(&problem) || is_failing => {}
                Err(problem) => {
                    log::error!("looking for work failed: {problem}");
                    is_failing = true;
                }
            }
            std::thread::park_timeout(MIN_INTERVAL);
            self.bell.wait(POLL);
        }
    }

    fn call(&self, found: &[(String, i64)]) {
        for (name, items) in found {
            if let Some(alarm) = self.alarms.get(name.as_str()) {
                alarm.call(usize::try_from(*items).unwrap_or(0));
            }
        }
    }
}
