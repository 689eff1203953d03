//! How the workers of a duty learn that there is something to do.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Wakes as many of a duty's workers as are needed.
#[derive(Debug, Default)]
pub struct Alarm {
    state: Mutex<State>,
    calls: Condvar,
}

#[derive(Debug, Default)]
struct State {
    wanted: usize,
    is_over: bool,
}

impl Alarm {
    /// Requests this many workers; busy ones look again when they have finished.
    pub fn call(&self, wanted: usize) {
        self.state().wanted = wanted;
        for _ in 0..wanted {
            self.calls.notify_one();
        }
    }

    /// Waits until a worker is requested, or everything ends.
    pub fn wait(&self) {
        let waited = self.calls.wait_while(self.state(), |it| it.wanted == 0 && !it.is_over);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.wanted = state.wanted.saturating_sub(1);
    }

    pub fn end(&self) {
        self.state().is_over = true;
        self.calls.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_workers_are_called_as_requested() {
        let alarm = Alarm::default();

        alarm.call(2);

        alarm.wait();
        alarm.wait();
        assert_eq!(alarm.state().wanted, 0);
        alarm.end();
        alarm.wait();
    }
}
