//! Instants as they are written: RFC 3339 with exactly three digits of milliseconds, everywhere.

use std::fmt::{self, Display};

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Object, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// An instant in a body, an event or a message; chrono alone would write no digits, three or nine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp<Z: TimeZone = Utc>(pub DateTime<Z>);

impl<Z: TimeZone<Offset: Copy>> Copy for Timestamp<Z> {}

impl<Z: TimeZone> From<DateTime<Z>> for Timestamp<Z> {
    fn from(at: DateTime<Z>) -> Self {
        Self(at)
    }
}

impl<Z: TimeZone<Offset: Display>> Display for Timestamp<Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl<Z: TimeZone<Offset: Display>> Serialize for Timestamp<Z> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::deserialize(deserializer).map(Self)
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let date_time = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        let object: Object =
            ObjectBuilder::new().schema_type(Type::String).format(Some(date_time)).build();
        object.into()
    }
}

impl ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    #[test]
    fn every_instant_is_written_with_three_digits() {
        for (read, written) in [
            ("2026-11-24T08:00:00Z", "2026-11-24T08:00:00.000Z"),
            ("2026-11-24T08:00:00.5Z", "2026-11-24T08:00:00.500Z"),
            ("2026-11-24T08:00:00.123456Z", "2026-11-24T08:00:00.123Z"),
        ] {
            let at: Timestamp = serde_json::from_str(&format!("\"{read}\"")).expect("an instant");

            assert_eq!(serde_json::to_string(&at).expect("JSON"), format!("\"{written}\""));
        }
        let local: DateTime<FixedOffset> =
            "2026-11-24T14:00:00+06:00".parse().expect("an instant with its offset");
        assert_eq!(Timestamp(local).to_string(), "2026-11-24T14:00:00.000+06:00");
    }
}
