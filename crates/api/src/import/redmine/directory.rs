//! What a Redmine has besides issues: people, groups, projects, versions and vocabularies.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::import::redmine::client::{Client, Found};
use crate::import::redmine::json::{
    CustomField, Group, Membership, Named, Project, Role, TimeEntry, User, Version,
};
use crate::import::redmine::wiki::Head;

/// The search for projects beyond the last listed one ends after this many unused numbers.
const MAX_GAP: i64 = 10;

/// Everything that issues refer to.
#[derive(Default)]
pub struct Directory {
    pub statuses: Vec<Named>,
    pub trackers: Vec<Named>,
    pub priorities: Vec<Named>,
    pub roles: Vec<Role>,
    pub fields: Vec<CustomField>,
    pub groups: Vec<Group>,
    pub users: Vec<User>,
    /// The numbers of the people who, by the map, may be assignees here.
    pub support: HashSet<i64>,
    pub projects: Vec<Project>,
    pub members: HashMap<i64, Vec<Membership>>,
    pub versions: Vec<Version>,
    pub categories: Vec<Category>,
    /// The pages of each project's wiki.
    pub pages: BTreeMap<i64, Vec<Head>>,
    /// The numbers of projects that not even an admin may read.
    pub archived: Vec<i64>,
    pub spent: HashMap<i64, Vec<TimeEntry>>,
    /// The lists as received, for old scripts.
    pub lists: BTreeMap<String, Value>,
}

/// A category of issues, which belongs to one project.
#[derive(Debug)]
pub struct Category {
    pub id: i64,
    pub name: String,
    pub project: i64,
}

#[derive(Deserialize)]
struct WithCategories {
    project: Categories,
}

#[derive(Deserialize)]
struct Categories {
    #[serde(default)]
    issue_categories: Vec<Named>,
}

impl Directory {
    /// Errors: the sentence that says why it could not be read.
    pub fn read(client: &Client) -> Result<Self, String> {
        let me: Value = require(client, "/users/current.json", &[])?;
        if me["user"]["admin"] != Value::Bool(true) {
            return Err(
                "the key of HELPDESK_REDMINE_KEY is not an admin's: an import needs one, to \
                        see everything"
                    .to_owned(),
            );
        }
        let mut it = Self::default();
        it.read_lists(client)?;
        it.read_people(client)?;
        it.read_projects(client)?;
        for entry in all::<TimeEntry>(client, "/time_entries.json", "time_entries", &[])? {
            if let Some(issue) = &entry.issue {
                it.spent.entry(issue.id).or_default().push(entry);
            }
        }
        it.spent.values_mut().for_each(|it| it.sort_by_key(|it| it.id));
        Ok(it)
    }

    fn read_lists(&mut self, client: &Client) -> Result<(), String> {
        for (name, path) in [
            ("issue_statuses", "/issue_statuses.json"),
            ("trackers", "/trackers.json"),
            ("issue_priorities", "/enumerations/issue_priorities.json"),
            ("time_entry_activities", "/enumerations/time_entry_activities.json"),
            ("roles", "/roles.json"),
            ("custom_fields", "/custom_fields.json"),
            ("queries", "/queries.json"),
        ] {
            let mut list: Value = require(client, path, &[])?;
            self.lists.insert(name.to_owned(), list[name].take());
        }
        self.statuses = self.list("issue_statuses")?;
        self.trackers = self.list("trackers")?;
        self.priorities = self.list("issue_priorities")?;
        for Named { id, name } in self.list::<Named>("roles")? {
            let found: Found<Value> = client.json(&format!("/roles/{id}.json"), &[])?;
            let about = found.into_option().unwrap_or_default();
            self.roles.push(Role::read(id, name, &about["role"]));
        }
        self.fields = self.list("custom_fields")?;
        Ok(())
    }

    fn list<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, String> {
        serde_json::from_value(self.lists[name].clone()).map_err(|it| format!("{name}: {it}"))
    }

    fn read_people(&mut self, client: &Client) -> Result<(), String> {
        #[derive(Deserialize)]
        struct One {
            group: Group,
        }
        for status in ["1", "2", "3"] {
            let users = all::<User>(client, "/users.json", "users", &[("status", status)])?;
            let status = status.parse().unwrap_or(0);
            self.users.extend(users.into_iter().map(|it| User { status, ..it }));
        }
        let groups: Value = require(client, "/groups.json", &[])?;
        for group in groups["groups"].as_array().into_iter().flatten() {
            let path = format!("/groups/{}.json", group["id"]);
            if let Found::There(One { group }) = client.json(&path, &[("include", "users")])? {
                self.groups.push(group);
            }
        }
        Ok(())
    }

    fn read_projects(&mut self, client: &Client) -> Result<(), String> {
        self.projects = all(client, "/projects.json", "projects", &[("status", "1|5")])?;
        self.projects.sort_by_key(|it| it.id);
        let listed: Vec<i64> = self.projects.iter().map(|it| it.id).collect();
        for id in &listed {
            let path = format!("/projects/{id}/memberships.json");
            self.members.insert(*id, all(client, &path, "memberships", &[])?);
            let path = format!("/projects/{id}/versions.json");
            for version in all::<Version>(client, &path, "versions", &[])? {
                // A shared version is listed under several projects.
                if !self.versions.iter().any(|it| it.id == version.id) {
                    self.versions.push(version);
                }
            }
            // The list of their own is closed with its project.
            let path = format!("/projects/{id}.json");
            let found = client.json::<WithCategories>(&path, &[("include", "issue_categories")])?;
            let named = found.into_option().map(|it| it.project.issue_categories);
            let named = named.into_iter().flatten();
            let own = named.map(|it| Category { id: it.id, name: it.name, project: *id });
            self.categories.extend(own);
            let path = format!("/projects/{id}/wiki/index.json");
            self.pages.insert(*id, all(client, &path, "wiki_pages", &[])?);
        }
        let last = listed.last().copied().unwrap_or(0);
        let (mut id, mut empty) = (0, 0);
        while id < last || empty < MAX_GAP {
            id += 1;
            if listed.contains(&id) {
                continue;
            }
            match client.json::<Value>(&format!("/projects/{id}.json"), &[])? {
                Found::Forbidden => {
                    self.archived.push(id);
                    empty = 0;
                }
                Found::There(_) | Found::Gone => empty += i64::from(id > last),
            }
        }
        Ok(())
    }

    pub fn project(&self, id: i64) -> Option<&Project> {
        self.projects.iter().find(|it| it.id == id)
    }

    pub fn role_names(&self) -> Vec<Named> {
        self.roles.iter().map(|it| Named { id: it.id, name: it.name.clone() }).collect()
    }

    pub fn field(&self, id: i64) -> Option<&CustomField> {
        self.fields.iter().find(|it| it.id == id)
    }

    pub fn user(&self, id: i64) -> Option<&User> {
        self.users.iter().find(|it| it.id == id)
    }

    pub fn group(&self, id: i64) -> Option<&Group> {
        self.groups.iter().find(|it| it.id == id)
    }

    /// The name of a person or a group.
    pub fn name_of(&self, id: i64) -> String {
        match (self.user(id), self.group(id)) {
            (Some(it), _) => format!("{} {}", it.firstname, it.lastname).trim().to_owned(),
            (None, Some(it)) => format!("группа {}", it.name),
            (None, None) => format!("№{id}"),
        }
    }
}

fn require<T: DeserializeOwned>(
    client: &Client,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, String> {
    let found = client.json(path, query)?;
    found.into_option().ok_or_else(|| {
        format!("{}{path} is not there: is this a Redmine with REST switched on?", client.shown())
    })
}

/// All pages of a list; empty if it does not exist or may not be read.
pub fn all<T: DeserializeOwned>(
    client: &Client,
    path: &str,
    name: &str,
    query: &[(&str, &str)],
) -> Result<Vec<T>, String> {
    let mut rows = Vec::new();
    loop {
        let offset = rows.len().to_string();
        let page = [query, &[("limit", "100"), ("offset", &offset)]].concat();
        let Found::There(mut page) = client.json::<Value>(path, &page)? else { return Ok(rows) };
        let total = page["total_count"].as_u64();
        let read: Vec<T> = serde_json::from_value(page[name].take())
            .map_err(|it| format!("{}{path}: {it}", client.shown()))?;
        let is_last = read.is_empty();
        rows.extend(read);
        if is_last || total.is_none_or(|it| rows.len() as u64 >= it) {
            return Ok(rows);
        }
    }
}
