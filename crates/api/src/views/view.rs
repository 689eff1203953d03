//! How views are shown in responses.

use diesel::PgConnection;
use domain::{Language, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::page::Total;
use crate::http::refs::Ref;
use crate::problem::Problem;
use crate::tickets::lists::list::Sort;
use crate::tickets::lists::total::totals;
use crate::tickets::lists::words::{Selection, TicketList};
use crate::tickets::view::column::TicketColumn;
use crate::views::standard::StandardView;
use crate::views::store::{Owner, SharedWith, ViewRow};

/// A saved list of tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct View {
    /// The number by which paths refer to it; null for a standard view.
    pub id: Option<i64>,
    /// Which standard view it is; null for a view that somebody created.
    pub code: Option<StandardView>,
    /// The name; for a standard view, in the caller's language.
    pub name: String,
    /// The filters that select its tickets, as `GET /tickets` takes them; `me` is whoever looks at it.
    #[serde(serialize_with = "serialize_set")]
    #[schema(value_type = Object)]
    pub filters: TicketList,
    /// The order of the tickets.
    pub sort: Sort,
    /// What to show of each ticket, in this order; empty: the default of the front end.
    pub columns: Vec<TicketColumn>,
    /// With whom it is shared; null: nobody.
    pub shared_with: Option<SharedWith>,
    /// The person who created the view.
    pub owner: Option<Ref>,
    /// Whether you may change it.
    pub is_editable: bool,
    /// How many tickets are in it for you, if `counts` asks for it.
    pub total: Option<Total>,
    /// When it was created; null for a standard view.
    pub created_at: Option<Timestamp>,
    /// The version number, incremented with every change.
    pub version: i32,
}

/// Filters that are not given are left out.
fn serialize_set<S: Serializer>(filters: &TicketList, serializer: S) -> Result<S::Ok, S::Error> {
    stored(filters).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

/// Filters as they are stored.
pub fn stored(filters: &TicketList) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(filters)?;
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, it| !it.is_null());
    }
    Ok(value)
}

/// The stored form of an enum's word.
pub fn word(of: impl Serialize) -> Result<String, Problem> {
    let value = serde_json::to_value(of).map_err(Problem::unexpected)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

impl View {
    /// A view that somebody created.
    /// Errors: `unexpected` where this version does not know what is stored.
    pub fn new((row, owner): (ViewRow, Owner), caller: &Caller) -> Result<Self, Problem> {
        let is_editable = row.may_be_changed_by(caller);
        let sort = serde_json::from_value(Value::String(row.sort)).map_err(Problem::unexpected)?;
        let columns: Result<Vec<TicketColumn>, _> = row.shown.iter().map(|it| it.parse()).collect();
        Ok(Self {
            id: Some(row.id),
            code: None,
            name: row.name,
            filters: serde_json::from_value(row.filters).map_err(Problem::unexpected)?,
            sort,
            columns: columns.map_err(Problem::unexpected)?,
            shared_with: row.shared_with.map(|it| it.0),
            owner: Some(Ref::person(row.owner_id, &owner.0, &owner.1)),
            is_editable,
            total: None,
            created_at: Some(row.created_at.into()),
            version: row.version,
        })
    }

    pub fn standard(view: StandardView, caller: &Caller) -> Self {
        let language: Language = caller.language;
        Self {
            id: None,
            code: Some(view),
            name: view.label().text_in(language).to_owned(),
            filters: view.filters(caller.role).into(),
            sort: view.sort(),
            columns: Vec::new(),
            shared_with: None,
            owner: None,
            is_editable: false,
            total: None,
            created_at: None,
            version: 1,
        }
    }
}

/// Counts the tickets in each of some views, in one statement; what words find is looked up before.
pub fn count(views: &mut [View], caller: &Caller, conn: &mut PgConnection) -> Result<(), Problem> {
    let selections: Result<Vec<Selection>, Problem> =
        views.iter().map(|it| it.filters.select(caller, conn)).collect();
    let selections = selections?;
    let counted = totals(selections.iter().map(|it| it.ids(caller)), conn)?;
    for ((view, selection), total) in views.iter_mut().zip(&selections).zip(counted) {
        let is_exact = total.is_exact && !selection.is_truncated;
        view.total = Some(Total { is_exact, ..total });
    }
    Ok(())
}
