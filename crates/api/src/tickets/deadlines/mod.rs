//! What time does to tickets: clocks and their proof, warnings, closing by the system (2.4, 2.5).

pub(crate) mod alerts;
pub(crate) mod auto_close;
pub(crate) mod auto_close_preview;
pub(crate) mod auto_close_store;
pub(crate) mod recalculation;
pub(crate) mod sla;
