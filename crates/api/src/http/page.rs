//! Pages of a list: how many, from where on, and the link to the next.

use actix_web::body::BoxBody;
use actix_web::http::header::LINK;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use crate::http::service::Service;
use crate::problem::{Code, Problem};

/// The page size where none is asked for.
pub const DEFAULT_LIMIT: i64 = 25;

pub const MAX_LIMIT: i64 = 100;

/// The parameters of a list that has no filters.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items to answer.
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// Keeps `limit` and `cursor` out of what a cursor is bound to. (`skip_serializing` would also
/// take them out of the document, and with it out of what is accepted.)
pub const fn is_no_filter<T>(_: &T) -> bool {
    true
}

/// A page as it is answered: the body, and `Link` headers to the next and the first one.
#[derive(Debug)]
pub struct Paged<T> {
    body: T,
    parameter: &'static str,
    next_cursor: Option<String>,
}

impl<T> Paged<T> {
    /// A page whose body tells the same cursor.
    pub fn new(next_cursor: Option<String>, body: impl FnOnce(Option<String>) -> T) -> Self {
        Self::by("cursor", next_cursor, body)
    }

    /// The same, where another parameter than `cursor` takes the cursor.
    pub fn by(
        parameter: &'static str,
        next_cursor: Option<String>,
        body: impl FnOnce(Option<String>) -> T,
    ) -> Self {
        Self { body: body(next_cursor.clone()), parameter, next_cursor }
    }
}

impl<T: Serialize> Responder for Paged<T> {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let public_url = req.app_data::<Data<Service>>().map(|it| it.public_url.as_str());
        let address = format!("{}{}", public_url.unwrap_or_default(), req.path());
        let place = format!("{}=", self.parameter);
        let kept: Vec<&str> = req
            .query_string()
            .split('&')
            .filter(|it| !it.is_empty() && !it.starts_with(&place))
            .collect();
        let link_to = |cursor: Option<&str>, rel: &str| {
            let query: Vec<&str> = kept.iter().copied().chain(cursor).collect();
            let mark = if query.is_empty() { "" } else { "?" };
            format!("<{address}{mark}{}>; rel=\"{rel}\"", query.join("&"))
        };
        let next = self.next_cursor.map(|it| place + &it);
        let next = next.map(|it| link_to(Some(&it), "next") + ", ").unwrap_or_default();
        let link = next + &link_to(None, "first");
        HttpResponse::Ok().insert_header((LINK, link)).json(self.body)
    }
}

/// A place in a list: the sort key of the last row that was shown.
///
/// It is bound to the list and its filters, so that it cannot be carried over to another.
#[derive(Serialize, Deserialize)]
struct Cursor<K> {
    list: String,
    after: K,
}

/// Whether the database can store an instant that a cursor names.
pub fn is_storable(at: DateTime<Utc>) -> bool {
    (1..=9999).contains(&at.year())
}

/// What a cursor is bound to: the list, its filters, and whose they are.
#[derive(Debug, Clone)]
pub struct List(String);

impl List {
    /// Names a list by whatever decides its content and order.
    pub fn new(description: impl Serialize) -> Self {
        let text = serde_json::to_vec(&description).unwrap_or_default();
        Self(URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..9]))
    }

    /// The place that a cursor of this list names.
    ///
    /// # Errors
    /// `invalid_cursor` for one of another list, or none at all.
    pub fn after<K: DeserializeOwned>(&self, cursor: Option<&str>) -> Result<Option<K>, Problem> {
        let Some(cursor) = cursor else { return Ok(None) };
        let read = |text: &str| -> Option<Cursor<K>> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
        };
        match read(cursor) {
            Some(cursor) if cursor.list == self.0 => Ok(Some(cursor.after)),
            Some(_) | None => Err(Problem::new(Code::InvalidCursor)),
        }
    }

    /// Cuts what was read to a page; one row more than `limit` tells that there is a next one.
    pub fn page<T, K: Serialize>(
        &self,
        mut items: Vec<T>,
        limit: i64,
        key: impl Fn(&T) -> K,
    ) -> (Vec<T>, Option<String>) {
        let limit = usize::try_from(limit).unwrap_or(0);
        let has_next = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| has_next);
        let cursor = last.map(|it| Cursor { list: self.0.clone(), after: key(it) });
        let text = cursor.map(|it| serde_json::to_vec(&it).unwrap_or_default());
        (items, text.map(|it| URL_SAFE_NO_PAD.encode(it)))
    }
}
