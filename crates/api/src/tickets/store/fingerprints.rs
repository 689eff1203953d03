//! The fingerprints by which near duplicates and similar tickets are found (3.4.1.4).

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::similarity::Fingerprint;
use domain::{Status, Viewer};

use crate::db::schema::tickets;
use crate::visibility;

/// The maximum number of open tickets of a company on a product that a new one is compared with.
const COMPARED: i64 = 500;

diesel::define_sql_function! {
    /// A text in lower case.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// The tickets of a company that a viewer sees, on a product of the catalogue or on one given by name.
fn on_product<'a>(
    company_id: i64,
    viewer: &Viewer,
    product_id: Option<i64>,
    product_name: Option<&str>,
) -> tickets::BoxedQuery<'a, Pg> {
    let query = tickets::table
        .filter(tickets::company_id.eq(company_id))
        .filter(visibility::tickets(viewer))
        .into_boxed();
    match product_id {
        Some(product_id) => query.filter(tickets::product_id.eq(product_id)),
        None => {
            let name = product_name.map(|it| it.trim().to_lowercase());
            query
                .filter(tickets::product_id.is_null())
                .filter(lower(tickets::product_name).eq(name))
        }
    }
}

/// The newest open tickets of a company on a product, to be compared with a request (3.4.1.4).
pub fn open_fingerprints(
    company_id: i64,
    viewer: &Viewer,
    product_id: Option<i64>,
    product_name: Option<&str>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, Fingerprint)>> {
    let rows: Vec<(i64, Vec<i32>)> = on_product(company_id, viewer, product_id, product_name)
        .filter(tickets::is_open)
        .order(tickets::id.desc())
        .limit(COMPARED)
        .select((tickets::id, tickets::words))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, words)| (id, Fingerprint::stored(words))).collect())
}

/// The solved tickets of a company on a product.
pub fn solved_on_product<'a>(
    company_id: i64,
    viewer: &Viewer,
    product_id: Option<i64>,
    product_name: Option<&str>,
) -> tickets::BoxedQuery<'a, Pg, BigInt> {
    const SOLVED: [&str; 2] = [Status::Resolved.as_str(), Status::Closed.as_str()];
    on_product(company_id, viewer, product_id, product_name)
        .filter(tickets::status.eq_any(SOLVED))
        .select(tickets::id)
}
