//! Imports companies, directions, projects and people. Local changes are preserved.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::Place;
use domain::{Language, Role, Sees};

use crate::api_tokens::legacy_key;
use crate::api_tokens::store::{ApiTokenRow, NewApiToken};
use crate::credentials::email::fold_email;
use crate::credentials::secret;
use crate::db::schema::{
    api_tokens, companies, direction_engineers, directions, project_members, projects, users,
};
use crate::import::format::{Person, Project};
use crate::import::writer::rows;
use crate::import::writer::rows::NewImported;
use crate::problem::Problem;

diesel::define_sql_function! {
    /// A text in lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The ids here by the numbers of the source.
#[derive(Debug, Default)]
pub struct Places {
    pub projects: HashMap<i64, ProjectPlace>,
    pub people: HashMap<i64, i64>,
    /// Which of them belong to support.
    pub support: HashSet<i64>,
    /// Which customer sees which project, by their numbers there.
    pub sees: HashSet<(i64, i64)>,
}

#[derive(Debug, Clone)]
pub struct ProjectPlace {
    pub place: Place,
    pub private: Option<Place>,
    pub name: String,
}

/// Imports projects, people and memberships.
pub fn import_directory(
    new_projects: &[Project],
    people: &[Person],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Places, Problem> {
    let mut places = Places::default();
    let mut notes = Vec::new();
    for project in new_projects {
        let company = company(&project.company, now, conn)?;
        let direction = direction(&project.direction, now, conn)?;
        let place = place(company, direction, project.is_active, now, conn)?;
        let private = match &project.private_company {
            Some(name) => {
                let company = self::company(name, now, conn)?;
                Some(self::place(company, direction, true, now, conn)?)
            }
            None => None,
        };
        notes.push(NewImported {
            about: serde_json::json!({ "name": project.name }),
            ..NewImported::plain("project", project.id, Some(place.project_id))
        });
        let name = project.name.clone();
        places.projects.insert(project.id, ProjectPlace { place, private, name });
    }
    let ids: Vec<i64> = people.iter().map(|it| it.id).collect();
    let known = rows::known("person", &ids, conn)?;
    for person in people {
        let id = match known.get(&person.id).and_then(|it| it.id) {
            Some(id) => {
                follow(id, person, conn)?;
                id
            }
            None => register(person, now, conn)?,
        };
        notes.push(NewImported {
            about: serde_json::json!({ "login": person.login }),
            ..NewImported::plain("person", person.id, Some(id))
        });
        places.people.insert(person.id, id);
        if person.role.is_support() {
            places.support.insert(person.id);
        }
        places.sees.extend(person.projects.iter().map(|it| (person.id, *it)));
        store_key(id, person, now, conn)?;
    }
    rows::record(notes, conn)?;
    members(new_projects, people, &places, conn)?;
    Ok(places)
}

pub fn company(name: &str, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<i64> {
    let known = companies::table.filter(lower(companies::name).eq(lower(name)));
    if let Some(id) = known.select(companies::id).first(conn).optional()? {
        return Ok(id);
    }
    diesel::insert_into(companies::table)
        .values((companies::name.eq(name), companies::created_at.eq(now)))
        .returning(companies::id)
        .get_result(conn)
}

fn is_closed(company_id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
    let company = companies::table.find(company_id);
    company.select(companies::closed_at.is_not_null()).first(conn)
}

fn direction(name: &str, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<i64> {
    let known = directions::table.filter(lower(directions::name).eq(lower(name)));
    if let Some(id) = known.select(directions::id).first(conn).optional()? {
        return Ok(id);
    }
    diesel::insert_into(directions::table)
        .values((directions::name.eq(name), directions::created_at.eq(now)))
        .returning(directions::id)
        .get_result(conn)
}

fn place(
    company_id: i64,
    direction_id: i64,
    is_active: bool,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Place> {
    let own = projects::company_id.eq(company_id).and(projects::direction_id.eq(direction_id));
    let known = projects::table.filter(own).select(projects::id).first(conn).optional()?;
    let project_id = match known {
        Some(id) => id,
        None => diesel::insert_into(projects::table)
            .values((
                projects::company_id.eq(company_id),
                projects::direction_id.eq(direction_id),
                projects::is_active.eq(is_active),
                projects::created_at.eq(now),
            ))
            .returning(projects::id)
            .get_result(conn)?,
    };
    Ok(Place { project_id, company_id, direction_id })
}

/// A placeholder for a missing address, in a reserved domain (RFC 2606).
fn placeholder(person: &Person) -> String {
    format!("redmine-{}@import.invalid", person.id)
}

/// Creates an account without a password, or returns the one with this address.
fn register(person: &Person, now: DateTime<Utc>, conn: &mut PgConnection) -> Result<i64, Problem> {
    let email = person.email.clone().unwrap_or_else(|| placeholder(person));
    let folded = fold_email(&email);
    let known = users::table.filter(users::email_folded.eq(&folded)).select(users::id);
    if let Some(id) = known.first(conn).optional()? {
        return Ok(id);
    }
    let company_id = match &person.company {
        Some(name) if person.role == Role::Customer => Some(company(name, now, conn)?),
        Some(_) | None => None,
    };
    let sees = if person.role == Role::Customer { Sees::Listed } else { Sees::All };
    let is_closed = company_id.map(|it| is_closed(it, conn)).transpose()?.unwrap_or(false);
    let id = diesel::insert_into(users::table)
        .values((
            users::role.eq(person.role.as_str()),
            users::company_id.eq(company_id),
            users::sees.eq(sees.as_str()),
            users::email.eq(&email),
            users::email_folded.eq(folded),
            users::first_name.eq(&person.first_name),
            users::last_name.eq(&person.last_name),
            users::language.eq(Language::Ru.as_str()),
            users::must_change_password.eq(true),
            users::is_active.eq(person.is_active && !is_closed),
            users::is_suspended.eq(person.is_active && is_closed),
            users::created_at.eq(person.created_at),
        ))
        .returning(users::id)
        .get_result(conn)?;
    Ok(id)
}

/// Follows the source: a locked account is deactivated; the name changes unless the account was edited here.
fn follow(id: i64, person: &Person, conn: &mut PgConnection) -> QueryResult<()> {
    let account = users::table.find(id);
    if !person.is_active {
        let open = account.filter(users::is_active.or(users::is_suspended));
        diesel::update(open)
            .set((
                users::is_active.eq(false),
                users::is_suspended.eq(false),
                users::version.eq(users::version + 1),
            ))
            .execute(conn)?;
    }
    diesel::update(account.filter(users::version.eq(1)))
        .set((users::first_name.eq(&person.first_name), users::last_name.eq(&person.last_name)))
        .execute(conn)?;
    Ok(())
}

/// Stores the key of old scripts as a token that is valid below `/redmine` only. It lacks our
/// prefix, so that nothing else accepts it.
fn store_key(
    user_id: i64,
    person: &Person,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let Some(key) = person.key.as_deref().filter(|it| !it.starts_with(secret::API_TOKEN)) else {
        return Ok(());
    };
    let hash = secret::token_hash(key);
    let known = api_tokens::table.filter(api_tokens::hash.eq(&hash));
    if known.count().get_result::<i64>(conn)? > 0 || !person.is_active {
        return Ok(());
    }
    let new = NewApiToken {
        user_id,
        name: legacy_key::NAME,
        scopes: legacy_key::SCOPES,
        lifetime: legacy_key::LIFETIME,
        hash,
    };
    ApiTokenRow::create(new, now, conn)?;
    Ok(())
}

/// Sets engineers and members: no more access than in the source.
fn members(
    new_projects: &[Project],
    people: &[Person],
    places: &Places,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    for project in new_projects {
        let Some(to) = places.projects.get(&project.id) else { continue };
        let engineers = project.engineers.iter().filter_map(|it| places.people.get(it));
        let rows: Vec<_> = engineers
            .map(|it| {
                (
                    direction_engineers::direction_id.eq(to.place.direction_id),
                    direction_engineers::user_id.eq(*it),
                )
            })
            .collect();
        diesel::insert_into(direction_engineers::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    let imported: Vec<i64> = places.projects.values().map(|it| it.place.project_id).collect();
    for person in people.iter().filter(|it| it.role == Role::Customer) {
        let Some(user_id) = places.people.get(&person.id) else { continue };
        let of: Option<(Option<i64>, i32)> = users::table
            .find(user_id)
            .select((users::company_id, users::version))
            .first(conn)
            .optional()?;
        let Some((Some(company_id), version)) = of else { continue };
        let own = person.projects.iter().filter_map(|it| places.projects.get(it));
        let own: Vec<i64> = own
            .filter(|it| it.place.company_id == company_id)
            .map(|it| it.place.project_id)
            .collect();
        if version == 1 {
            let lost = project_members::table
                .filter(project_members::user_id.eq(user_id))
                .filter(project_members::project_id.eq_any(&imported))
                .filter(project_members::project_id.ne_all(&own));
            diesel::delete(lost).execute(conn)?;
        }
        let rows: Vec<_> = own
            .iter()
            .map(|it| {
                (
                    project_members::project_id.eq(*it),
                    project_members::user_id.eq(*user_id),
                    project_members::company_id.eq(company_id),
                )
            })
            .collect();
        diesel::insert_into(project_members::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}
