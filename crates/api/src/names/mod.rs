//! The names for the ids in a response, loaded by one statement.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use domain::Status;
use domain::ticket::Thing;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::named::Named;
use crate::db::string_enum::DbEnum;
use crate::http::refs::Ref;

/// Another ticket, as it is named in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TicketRef {
    /// The number of the ticket.
    pub id: i64,
    /// What it is about.
    pub subject: String,
    /// The status (2.5).
    pub status: Status,
}

/// The current names of things.
#[derive(Debug, Default)]
pub struct Names(HashMap<(&'static str, i64), (String, Option<Status>)>);

#[derive(Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    status: Option<DbEnum<Status>>,
}

const NAMED: [Thing; 7] = [
    Thing::Person,
    Thing::Product,
    Thing::Project,
    Thing::Release,
    Thing::Ticket,
    Thing::Topic,
    Thing::File,
];

impl Names {
    /// The caller has to make sure that the reader may see these things.
    pub fn of(
        things: impl IntoIterator<Item = (Thing, i64)>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let things: HashSet<(Thing, i64)> = things.into_iter().collect();
        if things.is_empty() {
            return Ok(Self::default());
        }
        let ids = |kind: Thing| -> Vec<i64> {
            things.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect()
        };
        let [people, products, projects, releases, tickets, topics, files] = NAMED.map(ids);
        let statement = diesel::sql_query(include_str!("names.sql"))
            .bind::<Array<BigInt>, _>(people)
            .bind::<Array<BigInt>, _>(products)
            .bind::<Array<BigInt>, _>(projects)
            .bind::<Array<BigInt>, _>(releases)
            .bind::<Array<BigInt>, _>(tickets)
            .bind::<Array<BigInt>, _>(topics)
            .bind::<Array<BigInt>, _>(files);
        let rows: Vec<Row> = diesel::RunQueryDsl::load(Named(statement), conn)?;
        let named = rows.into_iter().filter_map(|row| {
            let kind = NAMED.iter().find(|it| it.as_str() == row.kind)?;
            Some(((kind.as_str(), row.id), (row.name, row.status.map(|it| it.0))))
        });
        Ok(Self(named.collect()))
    }

    /// A thing with its name; a deleted one has its number only.
    pub fn of_thing(&self, kind: Thing, id: i64) -> Ref {
        let name = self.0.get(&(kind.as_str(), id)).map(|(name, _)| name.clone());
        Ref::new(id, name.unwrap_or_else(|| format!("№{id}")))
    }

    /// A ticket, as others name it.
    pub fn ticket(&self, id: i64) -> Option<TicketRef> {
        let (subject, status) = self.0.get(&(Thing::Ticket.as_str(), id))?;
        Some(TicketRef { id, subject: subject.clone(), status: (*status)? })
    }

    /// The tickets of a list that are there.
    pub fn tickets(&self, ids: &[i64]) -> Vec<TicketRef> {
        ids.iter().filter_map(|id| self.ticket(*id)).collect()
    }

    /// The people of a list.
    pub fn people(&self, ids: &[i64]) -> Vec<Ref> {
        ids.iter().map(|id| self.of_thing(Thing::Person, *id)).collect()
    }
}
