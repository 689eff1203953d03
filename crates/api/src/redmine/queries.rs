//! Saved queries: some that every Redmine begins with, and the views that the caller has here.

use actix_web::HttpRequest;
use diesel::PgConnection;
use serde_json::{Value, json};

use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::filters::filtered;
use crate::redmine::numbers::{Numbers, OWN};
use crate::redmine::query::Query;
use crate::search::find::candidates::Ids;
use crate::tickets::lists::filter;
use crate::views::store::ViewRow;

/// The maximum number of views listed.
const MAX_VIEWS: i64 = 1000;

/// What every Redmine begins with: its usual number, its name, and the filter that is the caller.
const BUILT_IN: &[(i64, &str, &str)] = &[
    (1, "Мои задачи", "assigned_to_id"),
    (2, "Созданные задачи", "author_id"),
    (4, "Отслеживаемые задачи", "watcher_id"),
];

/// A query that every Redmine begins with.
struct BuiltIn {
    id: i64,
    name: &'static str,
    filter: &'static str,
}

/// By the numbers that the imported Redmine gave them.
fn built_in(numbers: &Numbers) -> impl Iterator<Item = BuiltIn> {
    let known = numbers.lists["queries"].as_array().into_iter().flatten();
    BUILT_IN.iter().map(move |(id, name, filter)| {
        let there = known.clone().find(|it| it["name"] == *name).and_then(|it| it["id"].as_i64());
        BuiltIn { id: there.unwrap_or(*id), name, filter }
    })
}

pub async fn list(req: HttpRequest, reader: Reader) -> RedmineResult {
    let (limit, offset) = Query::of(&req).page();
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        Ok((Numbers::load(conn)?, ViewRow::page(None, MAX_VIEWS, &caller, conn)?))
    });
    let (numbers, views) = found.await?;
    let shown = |id: i64, name: &str, is_public: bool| json!({ "id": id, "name": name, "is_public": is_public, "project_id": null });
    let built_in = built_in(&numbers).map(|it| shown(it.id, it.name, true));
    let own = views.iter().map(|(it, _)| shown(it.id + OWN, &it.name, it.shared_with.is_some()));
    let all: Vec<Value> = built_in.chain(own).collect();
    let (at, count) = (usize::try_from(offset).unwrap_or(0), usize::try_from(limit).unwrap_or(25));
    let page: Vec<&Value> = all.iter().skip(at).take(count).collect();
    respond(&json!({
        "queries": page, "total_count": all.len(), "offset": offset, "limit": limit,
    }))
}

/// What a saved query finds.
pub enum Saved {
    BuiltIn(Vec<(String, String)>),
    View(Box<filter::TicketFilter>),
}

impl Saved {
    /// Errors: there is none with this number, or one whose filters REST does not return.
    pub fn find(
        id: &str,
        numbers: &Numbers,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Self, RedmineError> {
        let id: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
        if let Some(found) = built_in(numbers).find(|it| it.id == id) {
            return Ok(Self::BuiltIn(vec![(found.filter.to_owned(), "me".to_owned())]));
        }
        if id < OWN {
            let known = numbers.lists["queries"].as_array().into_iter().flatten();
            let name = known.clone().find(|it| it["id"] == id && it["is_public"] == true);
            let name = name.and_then(|it| it["name"].as_str());
            return Err(name.map_or(RedmineError::Missing, |it| {
                RedmineError::Wrong(format!(
                    "query_id: the filters of «{it}» were not imported; create a view instead"
                ))
            }));
        }
        let (row, _) = ViewRow::find(id - OWN, caller, conn)?;
        let filters = serde_json::from_value(row.filters).map_err(Problem::unexpected)?;
        Ok(Self::View(Box::new(filters)))
    }

    pub fn ids(
        &self,
        numbers: &Numbers,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Ids, RedmineError> {
        match self {
            Self::BuiltIn(filters) => filtered(filters, numbers, caller, conn),
            Self::View(view) => Ok(filter::filtered(view, caller)),
        }
    }
}
