//! The long texts of a ticket (3.1, 3.2), stored apart from its row, so that steps do not rewrite them.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use crate::db::named::Named;
use crate::db::schema::ticket_texts;

#[derive(Debug, Clone, Default, PartialEq, Eq, HasQuery, AsChangeset)]
#[diesel(table_name = ticket_texts, treat_none_as_null = true)]
pub struct TicketTexts {
    pub description: String,
    pub software_version: Option<String>,
    pub connection_scheme: Option<String>,
    pub addresses: Option<String>,
    pub steps: Option<String>,
    pub cause: Option<String>,
    pub expected_result: Option<String>,
}

impl TicketTexts {
    pub fn save(&self, ticket_id: i64, conn: &mut PgConnection) -> QueryResult<()> {
        Named(diesel::update(ticket_texts::table.find(ticket_id)).set(self)).execute(conn)
    }
}

/// The insertion of a ticket, with its texts and the fact that it was filed in the same statement.
pub struct WithTexts<'a, Insert> {
    pub insert: Insert,
    pub texts: &'a TicketTexts,
    pub filed: Filed,
}

/// What reports count of a new ticket.
#[derive(Debug, Clone, Copy)]
pub struct Filed {
    pub at: DateTime<Utc>,
    pub company_id: i64,
    pub project_id: i64,
    pub assignee_id: Option<i64>,
}

impl<Insert: QueryFragment<Pg>> QueryFragment<Pg> for WithTexts<'_, Insert> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let texts = self.texts;
        out.push_sql("with ticket as (");
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(
            "), texts as (insert into ticket_texts (ticket_id, description, software_version, \
             connection_scheme, addresses, steps, cause, expected_result) select id, ",
        );
        out.push_bind_param::<Text, _>(&texts.description)?;
        for text in [
            &texts.software_version,
            &texts.connection_scheme,
            &texts.addresses,
            &texts.steps,
            &texts.cause,
            &texts.expected_result,
        ] {
            out.push_sql(", ");
            out.push_bind_param::<Nullable<Text>, _>(text)?;
        }
        out.push_sql(
            " from ticket), fact as (insert into ticket_facts (ticket_id, kind, company_id, project_id, \
             at, filed_at, assignee_id) select id, 'filed', ",
        );
        out.push_bind_param::<BigInt, _>(&self.filed.company_id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.filed.project_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.filed.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.filed.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, _>(&self.filed.assignee_id)?;
        out.push_sql(" from ticket) select * from ticket");
        Ok(())
    }
}

impl<Insert: Query> Query for WithTexts<'_, Insert> {
    type SqlType = Insert::SqlType;
}

impl<Insert: QueryId> QueryId for WithTexts<'_, Insert> {
    type QueryId = WithTexts<'static, Insert::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Insert::HAS_STATIC_QUERY_ID;
}

impl<Insert> RunQueryDsl<PgConnection> for WithTexts<'_, Insert> {}
