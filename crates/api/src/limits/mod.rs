//! How much one person, token or address may ask for: in a moment, at once and in a day.

pub(crate) mod buckets;
pub(crate) mod places;
pub(crate) mod quotas;
pub(crate) mod rates;
