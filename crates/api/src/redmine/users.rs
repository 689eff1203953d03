//! People.

use std::collections::{HashMap, HashSet};

use actix_web::HttpRequest;
use actix_web::web::Path;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use domain::Role;
use serde_json::{Value, json};

use crate::db::schema::{direction_engineers, imported, project_members, projects, users};
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::filters::contains;
use crate::redmine::issue::time;
use crate::redmine::numbers::{Numbers, local_id, redmine_ids};
use crate::redmine::people::load_projects;
use crate::redmine::query::Query;
use crate::users::store::UserRow;

/// Redmine's statuses of users.
const ACTIVE: i64 = 1;
const LOCKED: i64 = 3;

fn shown(people: &[UserRow], conn: &mut PgConnection) -> Result<Vec<Value>, RedmineError> {
    let ids: Vec<i64> = people.iter().map(|it| it.id).collect();
    let numbers = redmine_ids("person", &ids, conn)?;
    let about: Vec<(Option<i64>, Value)> = imported::table
        .filter(imported::kind.eq("person"))
        .filter(imported::id.eq_any(&ids))
        .select((imported::id, imported::about))
        .load(conn)?;
    let logins: HashMap<i64, String> = about
        .into_iter()
        .filter_map(|(id, about)| Some((id?, about["login"].as_str()?.to_owned())))
        .filter(|it| !it.1.is_empty())
        .collect();
    let one = |it: &UserRow| {
        json!({
            "id": numbers.get(&it.id),
            "login": logins.get(&it.id).unwrap_or(&it.email),
            "admin": it.role.0 == Role::Admin,
            "firstname": it.first_name,
            "lastname": it.last_name,
            "mail": it.email,
            "created_on": time(it.created_at),
            "updated_on": time(it.created_at),
            "last_login_on": it.last_signed_in_at.map(time),
            "passwd_changed_on": null,
            "twofa_scheme": null,
            "status": if it.is_active { ACTIVE } else { LOCKED },
            "custom_fields": [],
        })
    };
    Ok(people.iter().map(one).collect())
}

/// Members that only admins see.
fn without(names: &[&str], shown: &mut Value) {
    if let Some(members) = shown.as_object_mut() {
        members.retain(|name, _| !names.contains(&name.as_str()));
    }
}

/// The current user, without the key itself.
pub async fn current(req: HttpRequest, reader: Reader) -> RedmineResult {
    let query = Query::of(&req);
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let user = UserRow::find(caller.user_id, conn)?;
        Ok(shown(&[user], conn).and_then(|mut all| {
            let mut it = all.pop().ok_or(RedmineError::Missing)?;
            without(&["status", "passwd_changed_on", "twofa_scheme", "updated_on"], &mut it);
            if query.includes("groups") {
                it["groups"] = json!([]);
            }
            if query.includes("memberships") {
                let role = role(caller.role.is_support(), conn)?;
                it["memberships"] = memberships(load_projects(&caller, conn)?, &role);
            }
            Ok(it)
        }))
    });
    respond(&json!({ "user": found.await?? }))
}

fn memberships(projects: impl IntoIterator<Item = (i64, Value)>, role: &Value) -> Value {
    let member = |(_, it): (i64, Value)| {
        let project = json!({ "id": it["id"], "name": it["name"] });
        json!({ "id": it["id"], "project": project, "roles": [role] })
    };
    projects.into_iter().take(100).map(member).collect()
}

/// The projects of a customer, or those in whose directions an engineer works.
fn projects_of(user_id: i64, conn: &mut PgConnection) -> QueryResult<HashSet<i64>> {
    let of_member = project_members::table
        .filter(project_members::user_id.eq(user_id))
        .select(project_members::project_id);
    let directions = direction_engineers::table
        .filter(direction_engineers::user_id.eq(user_id))
        .select(direction_engineers::direction_id);
    let own = projects::table
        .filter(projects::id.eq_any(of_member).or(projects::direction_id.eq_any(directions)));
    Ok(own.select(projects::id).load::<i64>(conn)?.into_iter().collect())
}

/// The Redmine role of support or of customers.
pub fn role(is_support: bool, conn: &mut PgConnection) -> Result<Value, RedmineError> {
    let word = if is_support { Role::Engineer } else { Role::Customer };
    let lists = Numbers::load(conn)?.lists;
    let named = |it: &Value| it["name"].as_str().unwrap_or_default().to_owned();
    let known = lists["roles"].as_array().into_iter().flatten();
    let of = |it: &&Value| domain::imported::proposed_role(&named(it)) == Some(word);
    let found = known
        .clone()
        .find(|it| of(it) && named(it).contains("нженер"))
        .or_else(|| known.clone().find(of));
    Ok(match found {
        Some(it) => json!({ "id": it["id"], "name": it["name"] }),
        None => json!({ "id": if is_support { 4 } else { 5 }, "name": word.label().ru }),
    })
}

pub async fn user(req: HttpRequest, reader: Reader, id: Path<String>) -> RedmineResult {
    let query = Query::of(&req);
    let number: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let id = local_id("person", number, conn)?;
        let (user, _) = UserRow::show(id, &caller, conn)?;
        let is_support = user.role.0.is_support();
        Ok(shown(&[user], conn).and_then(|mut all| {
            let mut it = all.pop().ok_or(RedmineError::Missing)?;
            if caller.role != Role::Admin {
                without(&["mail", "admin", "status"], &mut it);
            }
            if query.includes("groups") {
                it["groups"] = json!([]);
            }
            if query.includes("memberships") {
                let own = projects_of(id, conn)?;
                let seen = load_projects(&caller, conn)?;
                let seen = seen.into_iter().filter(|it| own.contains(&it.0));
                it["memberships"] = memberships(seen, &role(is_support, conn)?);
            }
            Ok(it)
        }))
    });
    respond(&json!({ "user": found.await?? }))
}

/// For admins only, as in Redmine: active people unless a status is given.
pub async fn list(req: HttpRequest, reader: Reader) -> RedmineResult {
    let query = Query::of(&req);
    let Reader { caller, db } = reader;
    if caller.role != Role::Admin {
        return Err(RedmineError::Forbidden);
    }
    respond(&db.run(move |conn| Ok(load(&query, conn))).await??)
}

fn load(query: &Query, conn: &mut PgConnection) -> Result<Value, RedmineError> {
    let (limit, offset) = query.page();
    let found = || {
        let mut found = users::table.into_boxed();
        match query.value("status") {
            None | Some("1") => found = found.filter(users::is_active),
            Some("" | "*") => {}
            Some("3") => found = found.filter(users::is_active.eq(false)),
            Some(_) => found = found.filter(users::id.eq(0)),
        }
        // Groups do not exist here, so nobody is in one.
        if query.value("group_id").is_some() {
            found = found.filter(users::id.eq(0));
        }
        if let Some(name) = query.value("name") {
            let words = "(lower(users.first_name || ' ' || users.last_name || ' ' || users.email) like lower(";
            let login = ") or exists (select from imported where kind = 'person'
                 and imported.id = users.id and about ->> 'login' ilike ";
            let part = contains(name);
            let named = sql::<Bool>(words).bind::<Text, _>(part.clone());
            found = found.filter(named.sql(login).bind::<Text, _>(part).sql("))"));
        }
        found
    };
    let total: i64 = found().count().get_result(conn)?;
    let people: Vec<UserRow> = found()
        .select(UserRow::as_select())
        .order(users::id)
        .limit(limit)
        .offset(offset)
        .load(conn)?;
    let shown = shown(&people, conn)?;
    Ok(json!({ "users": shown, "total_count": total, "offset": offset, "limit": limit }))
}

/// Groups do not exist here.
pub async fn groups(reader: Reader) -> RedmineResult {
    if reader.caller.role != Role::Admin {
        return Err(RedmineError::Forbidden);
    }
    respond(&json!({ "groups": [] }))
}
