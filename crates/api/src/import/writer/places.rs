//! Companies, directions and projects: those that are here by the same name, or new ones.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::Place;

use crate::db::schema::{companies, directions, projects};
use crate::import::format::Project;
use crate::import::writer::rows;

diesel::define_sql_function! {
    /// A text in lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// What is here already, or else is created and recorded as an import's own.
fn known_or_new(
    kind: &'static str,
    known: Option<i64>,
    conn: &mut PgConnection,
    create: impl FnOnce(&mut PgConnection) -> QueryResult<i64>,
) -> QueryResult<i64> {
    if let Some(id) = known {
        return Ok(id);
    }
    let id = create(conn)?;
    rows::created(kind, id, conn)?;
    Ok(id)
}

pub fn company(name: &str, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<i64> {
    let known = companies::table.filter(lower(companies::name).eq(lower(name)));
    let known = known.select(companies::id).first(conn).optional()?;
    known_or_new("company", known, conn, |conn| {
        diesel::insert_into(companies::table)
            .values((companies::name.eq(name), companies::created_at.eq(now)))
            .returning(companies::id)
            .get_result(conn)
    })
}

pub fn is_closed(company_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
    let company = companies::table.find(company_id);
    company.select(companies::closed_at.is_not_null()).first(conn)
}

fn direction(name: &str, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<i64> {
    let known = directions::table.filter(lower(directions::name).eq(lower(name)));
    let known = known.select(directions::id).first(conn).optional()?;
    known_or_new("direction", known, conn, |conn| {
        diesel::insert_into(directions::table)
            .values((directions::name.eq(name), directions::created_at.eq(now)))
            .returning(directions::id)
            .get_result(conn)
    })
}

/// The project of a company in a direction; a new one is active if any of the projects that become it is.
fn place(
    company_id: i64,
    direction_id: i64,
    is_active: bool,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Place> {
    let own = projects::company_id.eq(company_id).and(projects::direction_id.eq(direction_id));
    let known = projects::table.filter(own).select(projects::id).first(conn).optional()?;
    let project_id = known_or_new("place", known, conn, |conn| {
        diesel::insert_into(projects::table)
            .values((
                projects::company_id.eq(company_id),
                projects::direction_id.eq(direction_id),
                projects::is_active.eq(is_active),
                projects::created_at.eq(now),
            ))
            .returning(projects::id)
            .get_result(conn)
    })?;
    Ok(Place { project_id, company_id, direction_id })
}

/// The project that a project of the source became, and the one of its private tickets.
pub fn places_of(
    project: &Project,
    all: &[Project],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<(Place, Option<Place>)> {
    let name = |it: &Project| (it.company.to_lowercase(), it.direction.to_lowercase());
    let is_active = all.iter().any(|it| it.is_active && name(it) == name(project));
    let direction = direction(&project.direction, now, conn)?;
    let own = place(company(&project.company, now, conn)?, direction, is_active, now, conn)?;
    let Some(private) = &project.private_company else { return Ok((own, None)) };
    let private = place(company(private, now, conn)?, direction, true, now, conn)?;
    Ok((own, Some(private)))
}
