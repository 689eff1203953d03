//! The two roles behind the one login: the owner of the tables, which runs the migrations, and the
//! application's, for everything else. The second may not change what is append-only.
//!
//! Neither can log in. They are created by the service if its login may create roles, else by an administrator beforehand:
//! `<database>_owner` and `<database>_app`, granted to the login. A copy of a database keeps using the roles of
//! the original.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};

/// Tables that are only ever added to.
const APPEND_ONLY: &[&str] = &["audit_log", "events", "feed"];

/// Tables that only the owner may change, or even read.
const READ_ONLY: &[&str] = &["__diesel_schema_migrations"];
const HIDDEN: &[&str] = &["history_key"];

/// What protects the history from changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The service acts as a role that may only add to it, and a trigger.
    Roles,
    /// Only a trigger, since the login may not act as such a role.
    Trigger,
}

impl Guard {
    /// How `/readyz` calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Trigger => "trigger",
        }
    }
}

/// The names of the two roles.
#[derive(Debug, Clone, QueryableByName)]
pub struct Roles {
    #[diesel(sql_type = Text)]
    pub owner: String,
    #[diesel(sql_type = Text)]
    pub app: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(embed)]
    roles: Roles,
    /// Both are there, and the login may act as them.
    #[diesel(sql_type = Bool)]
    are_ours: bool,
    /// Neither is there, and the login may make them.
    #[diesel(sql_type = Bool)]
    can_be_made: bool,
    /// The owner may make tables, or can be allowed to.
    #[diesel(sql_type = Bool)]
    can_own: bool,
}

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    statement: String,
}

impl Roles {
    /// Creates the roles if necessary, and hands over the tables that the login still owns; none
    /// if the login cannot.
    pub fn prepare(conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        let found: Found = diesel::sql_query(include_str!("roles/find.sql")).get_result(conn)?;
        if !(found.can_own && (found.are_ours || found.can_be_made)) {
            return Ok(None);
        }
        conn.transaction(|conn| {
            let statements = diesel::sql_query(include_str!("roles/hand_over.sql"))
                .bind::<Text, _>(&found.roles.owner)
                .bind::<Text, _>(&found.roles.app)
                .load(conn)?;
            run(statements, conn)?;
            Ok(Some(found.roles))
        })
    }

    /// Grants the application access to all tables, append-only where they are so. Called as the
    /// owner, after the migrations.
    pub fn grant(&self, conn: &mut PgConnection) -> QueryResult<()> {
        conn.transaction(|conn| {
            let statements = diesel::sql_query(include_str!("roles/grant.sql"))
                .bind::<Text, _>(&self.owner)
                .bind::<Text, _>(&self.app)
                .bind::<Array<Text>, _>(APPEND_ONLY)
                .bind::<Array<Text>, _>(READ_ONLY)
                .bind::<Array<Text>, _>(HIDDEN)
                .load(conn)?;
            run(statements, conn)
        })
    }
}

/// Runs the statements that a query has returned.
fn run(statements: Vec<Statement>, conn: &mut PgConnection) -> QueryResult<()> {
    statements.iter().try_for_each(|it| conn.batch_execute(&it.statement))
}

/// Acts as a role from now on.
/// Errors: a role that the login may not act as.
pub fn act_as(role: &str, conn: &mut PgConnection) -> QueryResult<()> {
    diesel::sql_query("select set_config('role', $1, false)")
        .bind::<Text, _>(role)
        .execute(conn)?;
    Ok(())
}
