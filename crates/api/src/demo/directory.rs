//! The demo's companies, people, directions, projects and products.

#![expect(
    clippy::indexing_slicing,
    reason = "the story is our own data, and a test plays it whole"
)]

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Projects, Sees, Tracker, Viewer};

use crate::auth::account::set_password;
use crate::companies::store::{CompanyData, CompanyRow};
use crate::credentials::hashing;
use crate::db::clock::in_milliseconds;
use crate::demo::PASSWORD;
use crate::demo::story::{COMPANIES, DIRECTIONS, PEOPLE};
use crate::directions::store::{DirectionRow, add_engineer};
use crate::http::caller::{Caller, Credential};
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::projects::store::ProjectRow;
use crate::settings;
use crate::topics::store::TopicRow;
use crate::users::new_user::NewUser;

/// What tickets of each direction are about.
const TOPICS: [(Tracker, &str); 3] = [
    (Tracker::Bug, "Неисправность"),
    (Tracker::Feature, "Доработка"),
    (Tracker::Support, "Вопрос по настройке"),
];

/// Who and what the stories refer to.
#[derive(Debug)]
pub struct Directory {
    /// People by their address, as they would call the API.
    pub people: HashMap<&'static str, Caller>,
    /// Projects by company and direction.
    pub projects: HashMap<(i64, &'static str), i64>,
    /// Products by direction and name.
    pub products: HashMap<(&'static str, &'static str), i64>,
    /// By direction, and the kind of request that is about it.
    pub topics: HashMap<(&'static str, Tracker), i64>,
}

/// Registers everybody and everything, some months ago.
pub fn register(conn: &mut PgConnection) -> Result<Directory, Problem> {
    let now = in_milliseconds(Utc::now()) - TimeDelta::days(120);
    let mut companies = HashMap::new();
    for it in COMPANIES {
        companies.insert(it.name, CompanyRow::create(&CompanyData::named(it.name), now, conn)?.id);
    }
    let hash = hashing::hash(PASSWORD)?;
    let rules = settings::latest(conn)?;
    let mut people = HashMap::new();
    for it in PEOPLE {
        let company_id = it.company.map(|name| companies[name]);
        let new = NewUser {
            first_name: it.first_name,
            last_name: it.last_name,
            email: it.email,
            role: it.role,
            company_id,
            sees: Sees::All,
            is_company_admin: false,
            language: it.language,
        };
        let user_id = new.create(now, conn)?;
        set_password(user_id, &hash, conn)?;
        let caller = Caller {
            user_id,
            credential: Credential::Session { id: 0, authenticated_at: now },
            role: it.role,
            is_company_admin: false,
            viewer: Viewer::new(it.role, company_id, Projects::All),
            language: it.language,
            must_change_password: false,
            now,
            real_now: now,
            rules: Arc::clone(&rules),
        };
        people.insert(it.email, caller);
    }
    let mut directions = HashMap::new();
    let (mut products, mut topics) = (HashMap::new(), HashMap::new());
    for it in DIRECTIONS {
        let direction_id = DirectionRow::create(it.name, now, conn)?.id;
        directions.insert(it.name, direction_id);
        for engineer in it.engineers {
            add_engineer(direction_id, people[engineer].user_id, conn)?;
        }
        for name in it.products {
            let id = ProductRow::create(direction_id, name, now, conn)?;
            products.insert((it.name, *name), id);
        }
        for (tracker, name) in TOPICS {
            let id = TopicRow::create(direction_id, name, now, conn)?;
            topics.insert((it.name, tracker), id);
        }
    }
    let mut projects = HashMap::new();
    for it in COMPANIES {
        for direction in it.directions {
            let (company_id, direction_id) = (companies[it.name], directions[direction]);
            let id = ProjectRow::create(company_id, direction_id, now, conn)?;
            projects.insert((company_id, *direction), id);
        }
    }
    Ok(Directory { people, projects, products, topics })
}
