//! Lists of what happened: in the order in which it did, from either end.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// In which order to list what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Chronology {
    /// The order. Default: `created_at`.
    #[param(nullable = false)]
    pub sort: Option<TimeSort>,
    /// Only what came after this one.
    #[param(minimum = 1, nullable = false)]
    pub after_id: Option<i64>,
}

/// The order of a list of what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum TimeSort {
    /// In order of time, the oldest first.
    #[default]
    #[serde(rename = "created_at")]
    OldestFirst,
    /// Against the order of time, the newest first.
    #[serde(rename = "-created_at")]
    NewestFirst,
}

impl Chronology {
    /// Against the order of time, the newest first.
    pub const NEWEST: Self = Self { sort: Some(TimeSort::NewestFirst), after_id: None };

    /// What follows a row, the oldest first.
    pub const fn after(id: i64) -> Self {
        Self { sort: None, after_id: Some(id) }
    }

    /// The ids between which the rows after a cursor lie; both are excluded.
    pub fn bounds(self, cursor: Option<i64>) -> (i64, i64) {
        let after = self.after_id.unwrap_or(0);
        match self.sort.unwrap_or_default() {
            TimeSort::OldestFirst => (cursor.unwrap_or(0).max(after), i64::MAX),
            TimeSort::NewestFirst => (after, cursor.unwrap_or(i64::MAX)),
        }
    }

    /// The order of rows by their ids.
    pub fn order(self, id: &'static str) -> SqlLiteral<BigInt, SqlLiteral<BigInt>> {
        let direction = match self.sort.unwrap_or_default() {
            TimeSort::OldestFirst => " asc",
            TimeSort::NewestFirst => " desc",
        };
        sql(id).sql(direction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_from_where_the_last_one_ended() {
        let newest = Chronology { after_id: Some(10), ..Chronology::NEWEST };

        assert_eq!(Chronology::default().bounds(None), (0, i64::MAX));
        assert_eq!(Chronology::default().bounds(Some(7)), (7, i64::MAX));
        assert_eq!(Chronology::after(10).bounds(Some(7)), (10, i64::MAX));
        assert_eq!(Chronology::NEWEST.bounds(Some(7)), (0, 7));
        assert_eq!(newest.bounds(None), (10, i64::MAX));
    }
}
