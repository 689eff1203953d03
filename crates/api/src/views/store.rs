//! The rows of views.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::{Role, Viewer};
use serde_json::Value;

use crate::db::Condition;
use crate::db::cut::Cut;
use crate::db::schema::{users, views};
use crate::db::string_enum::{DbEnum, string_enum_columns};
use crate::http::caller::Caller;
use crate::problem::{Code, Problem};

domain::string_enum! {
    /// With whom a view is shared.
    SharedWith {
        /// All engineers and admins.
        Staff = "staff",
        Company = "company",
    }
}

string_enum_columns!(SharedWith);

/// A view as it is stored.
#[derive(Debug, Clone, PartialEq, HasQuery, AsChangeset)]
#[diesel(table_name = views, treat_none_as_null = true)]
pub struct ViewRow {
    pub id: i64,
    /// Rises with every change.
    pub version: i32,
    pub owner_id: i64,
    pub name: String,
    pub shared_with: Option<DbEnum<SharedWith>>,
    /// The company that it is shared with.
    pub company_id: Option<i64>,
    pub filters: Value,
    pub sort: String,
    pub shown: Vec<String>,
    pub created_at: DateTime<Utc>,
}

/// A view as it is written.
#[derive(Debug, Insertable)]
#[diesel(table_name = views)]
pub struct NewView {
    pub owner_id: i64,
    pub name: String,
    pub shared_with: Option<DbEnum<SharedWith>>,
    pub company_id: Option<i64>,
    pub filters: Value,
    pub sort: String,
    pub shown: Vec<String>,
    pub created_at: DateTime<Utc>,
}

/// The first and last name of its owner.
pub type Owner = (String, String);

/// The views that somebody has: their own, and those that are shared with them.
fn known(caller: &Caller) -> views::BoxedQuery<'static, Pg, BigInt> {
    let own = views::owner_id.eq(caller.user_id);
    let known: Condition<views::table> = match caller.viewer {
        Viewer::Support => {
            let shared_with = views::shared_with.assume_not_null();
            Box::new(own.or(shared_with.eq(SharedWith::Staff.as_str())))
        }
        Viewer::Company { id, .. } => Box::new(own.or(views::company_id.assume_not_null().eq(id))),
        Viewer::Nobody => Box::new(false.into_sql::<Bool>()),
    };
    views::table.select(views::id).filter(known).into_boxed()
}

impl ViewRow {
    /// A page in the order of creation; one row more shows that there is a next page.
    pub fn page(
        after: Option<i64>,
        limit: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, Owner)>> {
        let page = known(caller).filter(views::id.gt(after.unwrap_or(0))).order(views::id);
        views::table
            .inner_join(users::table.on(users::id.eq(views::owner_id)))
            .filter(Cut::to(limit + 1, page).has(views::id))
            .order(views::id)
            .select((Self::as_select(), (users::first_name, users::last_name)))
            .load(conn)
    }

    /// One view, if the caller may see it.
    pub fn find(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<(Self, Owner)> {
        views::table
            .inner_join(users::table.on(users::id.eq(views::owner_id)))
            .filter(views::id.eq_any(known(caller).filter(views::id.eq(id))))
            .select((Self::as_select(), (users::first_name, users::last_name)))
            .first(conn)
    }

    /// One view, locked until the transaction ends.
    /// Errors: `not_found`; `forbidden` for one that is somebody else's.
    pub fn lock(id: i64, caller: &Caller, conn: &mut PgConnection) -> Result<Self, Problem> {
        let row = Self::query()
            .filter(views::id.eq_any(known(caller).filter(views::id.eq(id))))
            .for_no_key_update()
            .first(conn)?;
        if ViewRow::may_be_changed_by(&row, caller) {
            Ok(row)
        } else {
            Err(Problem::new(Code::Forbidden))
        }
    }

    /// Admins may change what is shared with staff.
    pub fn may_be_changed_by(&self, caller: &Caller) -> bool {
        self.owner_id == caller.user_id || caller.role == Role::Admin
    }

    /// Writes a row that has changed.
    pub fn save(&mut self, conn: &mut PgConnection) -> QueryResult<usize> {
        self.version += 1;
        diesel::update(views::table.find(self.id)).set(&*self).execute(conn)
    }

    pub fn remove(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(views::table.find(self.id)).execute(conn)
    }
}

impl NewView {
    pub fn create(self, conn: &mut PgConnection) -> QueryResult<i64> {
        diesel::insert_into(views::table).values(self).returning(views::id).get_result(conn)
    }

    /// How many views a person has.
    pub fn count_of(user_id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
        views::table.filter(views::owner_id.eq(user_id)).count().get_result(conn)
    }
}
