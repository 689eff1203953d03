//! What happens to tickets by time: clocks and their details, warnings, automatic closing (2.4, 2.5).

pub(crate) mod alerts;
pub(crate) mod auto_close;
pub(crate) mod auto_close_preview;
pub(crate) mod auto_close_store;
pub(crate) mod recalculation;
pub(crate) mod sla;
