//! Custom fields of a Redmine: which of them have a place here.

/// What a custom field is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    Product,
    SerialNumber,
    SoftwareVersion,
    /// It has no place of its own; its name.
    Other(String),
}
