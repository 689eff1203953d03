//! The result of work in a transaction, and the one place that writes its events.

use diesel::PgConnection;

use crate::config::hmac_key::HmacKey;
use crate::events::store;
use crate::events::store::NewEvent;
use crate::problem::Problem;

/// The result of work in a transaction, with the events that it caused.
#[derive(Debug)]
#[must_use = "its events are written by `recorded`"]
pub struct Done<T> {
    events: Vec<NewEvent>,
    response: T,
}

impl<T> Done<T> {
    pub const fn new(response: T) -> Self {
        Self { events: Vec::new(), response }
    }

    pub fn with_event(mut self, event: NewEvent) -> Self {
        self.events.push(event);
        self
    }

    /// Any number of events, in this order; an `Option` gives one or none.
    pub fn with_events(mut self, events: impl IntoIterator<Item = NewEvent>) -> Self {
        self.events.extend(events);
        self
    }

    pub fn try_map<U>(self, map: impl FnOnce(T) -> Result<U, Problem>) -> Result<Done<U>, Problem> {
        Ok(Done { events: self.events, response: map(self.response)? })
    }
}

/// Work whose events are chained and written by the last statement of its transaction, whatever
/// the work does before.
pub fn recorded<T, W>(
    key: &HmacKey,
    work: W,
) -> impl FnOnce(&mut PgConnection) -> Result<T, Problem> + use<T, W>
where
    W: FnOnce(&mut PgConnection) -> Result<Done<T>, Problem>,
{
    let key = key.clone();
    move |conn| {
        let Done { events, response } = work(conn)?;
        store::write(events, &key, conn)?;
        Ok(response)
    }
}
