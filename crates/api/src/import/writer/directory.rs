//! Imports companies, directions, projects and people. Local changes are preserved.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Role;
use domain::ticket::Place;

use crate::db::schema::{direction_engineers, project_members, users};
use crate::import::format::{Person, Project};
use crate::import::writer::people::{About, account, close_gone, store_key};
use crate::import::writer::places::places_of;
use crate::import::writer::rows;
use crate::import::writer::rows::NewImported;
use crate::problem::Problem;

/// The ids here by the numbers of the source.
#[derive(Debug, Default)]
pub struct Places {
    pub projects: HashMap<i64, ProjectPlace>,
    pub people: HashMap<i64, i64>,
    /// Which of them belong to support.
    pub support: HashSet<i64>,
    /// Which customer sees which project, by their numbers there.
    pub sees: HashSet<(i64, i64)>,
    /// Remarks about people, for a person.
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct ProjectPlace {
    pub place: Place,
    pub private: Option<Place>,
    pub name: String,
}

impl Places {
    /// Fills in who belongs to support, and which customer sees which project: by what their accounts are here,
    /// since one that was here before, or was changed here, may have another role or company than its person there.
    pub fn fill_rights(&mut self, people: &[Person], conn: &mut PgConnection) -> QueryResult<()> {
        let ids: Vec<i64> = self.people.values().copied().collect();
        let accounts: Vec<(i64, String, Option<i64>)> = users::table
            .filter(users::id.eq_any(ids))
            .select((users::id, users::role, users::company_id))
            .load(conn)?;
        let accounts: HashMap<i64, (String, Option<i64>)> =
            accounts.into_iter().map(|it| (it.0, (it.1, it.2))).collect();
        for person in people {
            let account = self.people.get(&person.id).and_then(|it| accounts.get(it));
            let Some((role, company_id)) = account else { continue };
            if role.parse().is_ok_and(Role::is_support) {
                self.support.insert(person.id);
            }
            let own = person.projects.iter().filter(|it| {
                let project = self.projects.get(it);
                project.is_some_and(|it| Some(it.place.company_id) == *company_id)
            });
            self.sees.extend(own.map(|it| (person.id, *it)));
        }
        Ok(())
    }
}

/// Imports projects, people and memberships.
pub fn import_directory(
    new_projects: &[Project],
    people: &[Person],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Places, Problem> {
    let mut places = Places::default();
    for project in new_projects {
        let (place, private) = places_of(project, new_projects, now, conn)?;
        let record = NewImported {
            about: serde_json::json!({
                "name": project.name, "private": private.map(|it| it.project_id),
            }),
            ..NewImported::plain("project", project.id, Some(place.project_id))
        };
        rows::record(vec![record], conn)?;
        let name = project.name.clone();
        places.projects.insert(project.id, ProjectPlace { place, private, name });
    }
    let known = rows::of_kind("person", conn)?;
    let mut records: HashMap<i64, (i64, About)> = HashMap::new();
    for person in people {
        let (id, mut about) =
            account(person, known.get(&person.id), now, &mut places.remarks, conn)?;
        about.has_key |= store_key(id, person, now, conn)?;
        records.insert(person.id, (id, about));
        places.people.insert(person.id, id);
    }
    places.fill_rights(people, conn)?;
    for (number, row) in known.iter().filter(|it| !places.people.contains_key(it.0)) {
        let Some(id) = row.id else { continue };
        if let Some(about) = close_gone(id, About::of(row), &mut places.remarks, conn)? {
            records.insert(*number, (id, about));
        }
    }
    engineers(new_projects, &places, &mut records, conn)?;
    members(people, &places, &mut records, conn)?;
    let records = records.into_iter().map(|(number, (id, about))| NewImported {
        about: about.json(),
        ..NewImported::plain("person", number, Some(id))
    });
    rows::record(records.collect(), conn)?;
    Ok(places)
}

/// Engineers work in the directions of their projects.
fn engineers(
    new_projects: &[Project],
    places: &Places,
    records: &mut HashMap<i64, (i64, About)>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    for project in new_projects {
        let Some(to) = places.projects.get(&project.id) else { continue };
        let direction_id = to.place.direction_id;
        for number in project.engineers.iter().filter(|it| places.support.contains(it)) {
            let Some((user_id, about)) = records.get_mut(number) else { continue };
            let row = (
                direction_engineers::direction_id.eq(direction_id),
                direction_engineers::user_id.eq(*user_id),
            );
            let new = diesel::insert_into(direction_engineers::table).values(row);
            if new.on_conflict_do_nothing().execute(conn)? > 0 {
                about.directions.push(direction_id);
            }
        }
    }
    Ok(())
}

/// Customers see the projects that they see there: no more, unless their account was changed here. Whoever is
/// in none there any more sees none here.
fn members(
    people: &[Person],
    places: &Places,
    records: &mut HashMap<i64, (i64, About)>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let imported: Vec<i64> = places.projects.values().map(|it| it.place.project_id).collect();
    for person in people.iter().filter(|it| !it.role.is_support()) {
        let Some((user_id, about)) = records.get_mut(&person.id) else { continue };
        let of: Option<(Option<i64>, i32)> = users::table
            .find(*user_id)
            .select((users::company_id, users::version))
            .first(conn)
            .optional()?;
        let Some((Some(company_id), version)) = of else { continue };
        let own = person.projects.iter().filter_map(|it| places.projects.get(it));
        let own = own.filter(|it| it.place.company_id == company_id);
        let own: Vec<i64> = own.map(|it| it.place.project_id).collect();
        if about.follows(version) {
            let lost = project_members::table
                .filter(project_members::user_id.eq(*user_id))
                .filter(project_members::project_id.eq_any(&imported))
                .filter(project_members::project_id.ne_all(&own));
            diesel::delete(lost).execute(conn)?;
        }
        let rows = own.iter().map(|it| {
            (
                project_members::project_id.eq(*it),
                project_members::user_id.eq(*user_id),
                project_members::company_id.eq(company_id),
            )
        });
        let new: Vec<i64> = diesel::insert_into(project_members::table)
            .values(rows.collect::<Vec<_>>())
            .on_conflict_do_nothing()
            .returning(project_members::project_id)
            .get_results(conn)?;
        about.projects.extend(new);
    }
    Ok(())
}
