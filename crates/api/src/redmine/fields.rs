//! Custom fields of a Redmine and their counterparts here.

/// The counterpart of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    Product,
    SerialNumber,
    SoftwareVersion,
    Other(String),
}
