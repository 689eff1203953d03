//! Pages of a list: how many items, where to begin, and the link to the next page.

use actix_web::body::BoxBody;
use actix_web::http::header::LINK;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::http::response::short_hash;
use crate::http::service::Service;
use crate::problem::{Code, Problem};

/// The page size where none is asked for.
pub const DEFAULT_LIMIT: i64 = 25;

pub const MAX_LIMIT: i64 = 100;

/// The maximum length of a cursor, as [`PageQuery`] states it: it holds the longest name that a list is sorted by.
#[cfg(test)]
pub const MAX_CURSOR: usize = 2500;

/// The maximum count of a list.
pub const MAX_COUNTED: i64 = 10_000;

/// The number of items on all pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Total {
    /// The number, at most 10,000.
    pub count: i64,
    /// False if there are more.
    pub is_exact: bool,
}

impl Total {
    /// The count, made up to one more than the maximum.
    pub fn counted(count: i64) -> Self {
        Self { count: count.min(MAX_COUNTED), is_exact: count <= MAX_COUNTED }
    }
}

/// Which page of a list; every list takes it beside its own filters.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The maximum number of items to return.
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// The `next_cursor` of the previous page.
    #[param(max_length = 2500, nullable = false)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The first page, as large as pages may be.
    pub const LARGEST_PAGE: Self = Self { limit: Some(MAX_LIMIT), cursor: None };

    /// The page of one list, identified by everything that decides its content and order: a cursor is valid for
    /// that list only, and not with other filters.
    /// Errors: `invalid_cursor` for one of another list, or for what is not a cursor.
    pub fn bound_to<K: Key>(self, list: impl Serialize) -> Result<PageRequest<K>, Problem> {
        let description = serde_json::to_vec(&list).unwrap_or_default();
        let list = short_hash::<9>(&description);
        let after = match self.cursor {
            Some(cursor) => Some(read(&cursor, &list).ok_or(Problem::new(Code::InvalidCursor))?),
            None => None,
        };
        Ok(PageRequest { list, after, limit: self.limit.unwrap_or(DEFAULT_LIMIT) })
    }
}

/// The sort key of a row, by which a cursor marks its place in a list.
pub trait Key: Serialize + DeserializeOwned {
    /// Whether every text, date and instant in it can be sent to the database.
    fn is_storable(&self) -> bool;
}

impl Key for i64 {
    fn is_storable(&self) -> bool {
        true
    }
}

impl Key for NaiveDate {
    fn is_storable(&self) -> bool {
        is_storable(self)
    }
}

impl Key for (DateTime<Utc>, i64) {
    fn is_storable(&self) -> bool {
        is_storable(&self.0)
    }
}

impl Key for (DateTime<Utc>, DateTime<Utc>, i64) {
    fn is_storable(&self) -> bool {
        is_storable(&self.0) && is_storable(&self.1)
    }
}

pub fn is_storable(at: &impl Datelike) -> bool {
    (1..=9999).contains(&at.year())
}

#[derive(Serialize, Deserialize)]
struct Cursor<K> {
    list: String,
    after: K,
}

impl<K: Key> Cursor<K> {
    fn written(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }
}

fn read<K: Key>(cursor: &str, list: &str) -> Option<K> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let cursor: Cursor<K> = serde_json::from_slice(&text).ok()?;
    (cursor.list == list && cursor.after.is_storable()).then_some(cursor.after)
}

/// A page of one list, as requested.
#[derive(Debug)]
pub struct PageRequest<K> {
    list: String,
    /// The key of the last row of the previous page; none on the first one.
    pub after: Option<K>,
    pub limit: i64,
}

impl<K: Key> PageRequest<K> {
    /// Cuts the rows to a page; one row more than `limit` shows that there is a next one.
    pub fn cut<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let has_next = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| has_next);
        let cursor = last.map(|it| Cursor { list: self.list.clone(), after: key(it) });
        Page { items, next_cursor: cursor.map(|it| it.written()) }
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page in the opposite order.
    pub fn reversed(mut self) -> Self {
        self.items.reverse();
        self
    }

    /// The same page, its items shown in another way.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(show).collect(), next_cursor: self.next_cursor }
    }
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        Paged::of(self.next_cursor, |next_cursor| Self { items: self.items, next_cursor })
            .respond_to(req)
    }
}

/// What the document says about a page of this type.
pub trait Listed: ToSchema {
    const PAGE_NAME: &'static str;
    const PAGE_DESCRIPTION: &'static str;
    /// The order of the items.
    const ORDER: &'static str;
}

impl<T: Listed> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let items =
            ArrayBuilder::new().items(Ref::from_schema_name(T::name())).description(Some(T::ORDER));
        let next_cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(NEXT_CURSOR));
        ObjectBuilder::new()
            .description(Some(T::PAGE_DESCRIPTION))
            .property("items", items)
            .required("items")
            .property("next_cursor", next_cursor)
            .into()
    }
}

const NEXT_CURSOR: &str = "Where the next page begins; null on the last page.";

impl<T: Listed> ToSchema for Page<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::PAGE_NAME.into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// A body with more than a page, or with a cursor in another parameter, and the `Link` headers to the next page
/// and the first one.
#[derive(Debug)]
pub struct Paged<B> {
    pub body: B,
    /// The parameter that takes the cursor.
    pub parameter: &'static str,
    pub next_cursor: Option<String>,
}

impl<B> Paged<B> {
    /// A body with the same cursor as its link.
    pub fn of(next_cursor: Option<String>, body: impl FnOnce(Option<String>) -> B) -> Self {
        Self { body: body(next_cursor.clone()), parameter: "cursor", next_cursor }
    }
}

impl<B: Serialize> Responder for Paged<B> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let public_url = req.app_data::<Data<Service>>().map(|it| it.public_url.as_str());
        let address = format!("{}{}", public_url.unwrap_or_default(), req.path());
        let place = format!("{}=", self.parameter);
        let others: Vec<&str> = req
            .query_string()
            .split('&')
            .filter(|it| !it.is_empty() && !it.starts_with(&place))
            .collect();
        let link_to = |cursor: Option<&str>, rel: &str| {
            let query: Vec<&str> = others.iter().copied().chain(cursor).collect();
            let mark = if query.is_empty() { "" } else { "?" };
            format!("<{address}{mark}{}>; rel=\"{rel}\"", query.join("&"))
        };
        let next = self.next_cursor.map(|it| place + &it);
        let next = next.map(|it| link_to(Some(&it), "next") + ", ").unwrap_or_default();
        let link = next + &link_to(None, "first");
        HttpResponse::Ok().insert_header((LINK, link)).json(self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::by_name::NamePlace;
    use crate::http::document::MAX_ID;

    /// The longest name is that of a project: company, dash and direction, of up to 200 characters each.
    #[test]
    fn the_longest_cursor_is_accepted() {
        let name = "𐎀".repeat(200 + " - ".len() + 200);
        let after = NamePlace::Name(name, MAX_ID);
        let list = short_hash::<9>(b"a list");

        let longest = Cursor { list: list.clone(), after }.written();

        assert!(longest.len() <= MAX_CURSOR, "{}", longest.len());
        assert!(read::<NamePlace>(&longest, &list).is_some());
    }

    /// A cursor with a value that cannot be sent to the database is invalid.
    #[test]
    fn sec_in02_a_forged_place_is_refused() {
        let forged = |after: &str| {
            let cursor = format!("{{\"list\":\"x\",\"after\":{after}}}");
            URL_SAFE_NO_PAD.encode(cursor)
        };

        assert!(read::<NamePlace>(&forged("[\"a\",13]"), "x").is_some());
        assert!(read::<NamePlace>(&forged("[\"a\\u0000\",13]"), "x").is_none());
        assert!(read::<NaiveDate>(&forged("\"2026-11-30\""), "x").is_some());
        for day in ["-20000-01-01", "+20000-01-01"] {
            assert!(read::<NaiveDate>(&forged(&format!("\"{day}\"")), "x").is_none(), "{day}");
        }
    }
}
