//! Pages of a list: how many, from where on, and the link to the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use crate::problem::{Code, Problem};

/// The page size where none is asked for.
pub const DEFAULT_LIMIT: i64 = 25;

/// The largest page.
pub const LARGEST_LIMIT: i64 = 100;

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

/// A place in a list: the sort key of the last row that was shown.
///
/// It is bound to the list and its filters, so that it cannot be carried over to another.
#[derive(Serialize, Deserialize)]
struct Cursor<K> {
    list: String,
    after: K,
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
