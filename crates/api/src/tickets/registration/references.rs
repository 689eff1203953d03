//! The things that a request refers to: looked up all at once, and only those that the caller may use.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use domain::ticket::Place;
use domain::{FieldCode, FieldError, Role};

use crate::db::named::Named;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::tickets::registration::request::ReferenceIds;
use crate::tickets::view::TicketNames;
use crate::visibility;

/// What was found of a request's references.
#[derive(Debug, Clone, QueryableByName)]
pub struct References {
    /// The project, if it is one that the caller may file in.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub project_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub company_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub direction_id: Option<i64>,
    /// Whether the company is closed, so that nothing new may be filed.
    #[diesel(sql_type = Bool)]
    is_company_closed: bool,
    /// Whether the direction assigns its tickets automatically.
    #[diesel(sql_type = Bool)]
    pub is_balanced: bool,
    #[diesel(sql_type = Nullable<Text>)]
    company: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    direction: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    product: Option<String>,
    /// The author, an active person of the project's company.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub author_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    author_first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    author_last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    assignee_first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    assignee_last_name: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    parent_id: Option<i64>,
    /// Those of the watchers who may watch.
    #[diesel(sql_type = Array<BigInt>)]
    pub watcher_ids: Vec<i64>,
    /// Those of the tickets declared different that belong to the company.
    #[diesel(sql_type = Array<BigInt>)]
    not_duplicate_of: Vec<i64>,
    /// Whether requests of the author were refused and wait for a decision.
    #[diesel(sql_type = Bool)]
    pub has_refusals: bool,
}

impl References {
    /// Looks the references of a request up, in one statement.
    pub fn load(
        draft: &ReferenceIds,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let statement = visibility::statement(include_str!("references.sql"), &caller.viewer)
            .bind::<Nullable<BigInt>, _>(draft.project_id)
            .bind::<Nullable<BigInt>, _>(draft.product_id)
            .bind::<Nullable<BigInt>, _>(draft.assignee_id)
            .bind::<Nullable<BigInt>, _>(draft.parent_id)
            .bind::<Nullable<BigInt>, _>(draft.author_id)
            .bind::<Array<BigInt>, _>(draft.watcher_ids.clone())
            .bind::<Array<BigInt>, _>(draft.not_duplicate_of.clone())
            .bind::<Bool, _>(draft.is_filed)
            .bind::<Bool, _>(draft.is_resumed);
        Named(statement).get_result(conn)
    }

    /// Errors for references to what the request may not refer to. If the project is wrong, nothing else is
    /// reported: what belongs to it is unknown.
    pub fn errors(&self, draft: &ReferenceIds) -> Vec<FieldError> {
        let missing = |pointer: &str| FieldError::new(pointer, FieldCode::NotFound);
        if self.project_id.is_none() {
            return draft.project_id.map(|_| missing("/project_id")).into_iter().collect();
        }
        if self.is_company_closed {
            return vec![FieldError::new("/project_id", FieldCode::CompanyClosed)];
        }
        let one = [
            ("/product_id", draft.product_id.is_some() && self.product.is_none()),
            ("/assignee_id", draft.assignee_id.is_some() && !self.has_assignee()),
            ("/parent_id", draft.parent_id.is_some() && self.parent_id.is_none()),
            ("/author_id", draft.author_id.is_some() && self.author_id.is_none()),
        ];
        let lists = [
            ("/watcher_ids", &draft.watcher_ids, &self.watcher_ids),
            ("/not_duplicate_of", &draft.not_duplicate_of, &self.not_duplicate_of),
        ];
        let in_lists = lists.into_iter().flat_map(|(pointer, wanted, found)| {
            let places = wanted.iter().enumerate().filter(|(_, id)| !found.contains(id));
            places.map(move |(place, _)| missing(&format!("{pointer}/{place}")))
        });
        let in_fields = one.into_iter().filter(|(_, is_missing)| *is_missing);
        in_fields.map(|(pointer, _)| missing(pointer)).chain(in_lists).collect()
    }

    /// Where the project is.
    pub fn place(&self) -> Option<Place> {
        let (project_id, company_id) = self.project_id.zip(self.company_id)?;
        let direction_id = self.direction_id?;
        Some(Place { project_id, company_id, direction_id })
    }

    /// Whether the engineer asked for may be the assignee.
    pub const fn has_assignee(&self) -> bool {
        self.assignee_first_name.is_some()
    }

    /// Sets the engineer that the system has chosen.
    pub fn set_assignee(&mut self, (first_name, last_name): (String, String)) {
        self.assignee_first_name = Some(first_name);
        self.assignee_last_name = Some(last_name);
    }

    /// The names of what the ticket refers to.
    pub fn names(&self) -> TicketNames {
        let some = |it: &Option<String>| it.clone().unwrap_or_default();
        let assignee = self.assignee_first_name.clone().zip(self.assignee_last_name.clone());
        TicketNames {
            company: some(&self.company),
            direction: some(&self.direction),
            product: self.product.clone(),
            author: (
                some(&self.author_first_name),
                some(&self.author_last_name),
                // Whoever a ticket is filed by or for is of the project's company.
                DbEnum(Role::Customer),
            ),
            contact: None,
            assignee,
            release: None,
            topic: None,
        }
    }
}
