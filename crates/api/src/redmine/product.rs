//! The product of an issue: one of the catalogue or a name.

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::db::schema::{products, projects};
use crate::http::caller::Caller;
use crate::visibility;

/// The member that holds the name until it is looked up in the catalogue.
pub const NAMED: &str = "product";

diesel::define_sql_function! {
    /// A text in lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The member of a request body for the product, and its value.
pub fn member(
    name: &str,
    project_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<(&'static str, Value)> {
    let direction = projects::table
        .filter(projects::id.eq(project_id.unwrap_or(0)))
        .filter(visibility::projects(&caller.viewer))
        .select(projects::direction_id);
    let known: Option<i64> = products::table
        .filter(products::direction_id.eq_any(direction))
        .filter(products::is_active)
        .filter(lower(products::name).eq(lower(name.trim())))
        .select(products::id)
        .first(conn)
        .optional()?;
    Ok(match known {
        Some(id) => ("product_id", json!(id)),
        None => ("product_name", json!(name)),
    })
}
