//! How much one person, token or address may use: per moment, at once and per day.

pub(crate) mod buckets;
pub(crate) mod quotas;
pub(crate) mod rates;
pub(crate) mod slots;
