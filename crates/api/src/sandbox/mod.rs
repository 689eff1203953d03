//! The sandbox: a system whose clock can be set forward, so that integrators and tests see a
//! deadline missed or a ticket closed by time-out without waiting.

pub(crate) mod advance;
pub(crate) mod clock;
