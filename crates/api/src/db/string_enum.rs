//! Enums as text columns.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use domain::calendar::DayKind;
use domain::{
    ArticleStatus, ArticleVisibility, CloseReason, Complexity, Impact, InboundOutcome,
    InboundReason, Language, NotificationKind, Party, Priority, RefusalReason, RefusalState, Role,
    RootCause, Sees, Status, Tracker, Urgency, WaitingOn,
};

/// An enum as a text column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct DbEnum<T>(pub T);

/// Makes enums usable as text columns.
macro_rules! string_enum_columns {
    ($($word:ty),+ $(,)?) => { $(
        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>
            for $crate::db::string_enum::DbEnum<$word>
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                use std::io::Write as _;
                out.write_all(self.0.as_str().as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg>
            for $crate::db::string_enum::DbEnum<$word>
        {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(Self(std::str::from_utf8(value.as_bytes())?.parse()?))
            }
        }
    )+ };
}

pub(crate) use string_enum_columns;

string_enum_columns!(
    ArticleStatus,
    ArticleVisibility,
    CloseReason,
    Complexity,
    DayKind,
    Impact,
    InboundOutcome,
    InboundReason,
    Language,
    NotificationKind,
    Party,
    Priority,
    RefusalReason,
    RefusalState,
    Role,
    RootCause,
    Sees,
    Status,
    Tracker,
    Urgency,
    WaitingOn,
);
