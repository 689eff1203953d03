//! What `import file` checks before anything is written: each record by itself, and what it refers to.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike as _, Utc};
use domain::{Priority, Role, Status, Tracker};

use crate::import::format::{
    Article, Entry, FieldChange, File, MAX_NAME, MAX_NUMBER, MAX_SERIAL_NUMBER, Person, Project,
    Release, Source, Ticket,
};
use crate::users::create::email_error;

/// What tickets and articles refer to.
pub struct Records {
    pub source: Source,
    pub people: Vec<Person>,
    pub projects: Vec<Project>,
    pub releases: Vec<Release>,
}

impl Records {
    /// The records with no blanks around their names.
    /// Errors: the sentence that names the first wrong one.
    pub fn checked(mut self) -> Result<Self, String> {
        self.trim_names()?;
        unique("person", self.people.iter().map(|it| it.id))?;
        unique("project", self.projects.iter().map(|it| it.id))?;
        unique("release", self.releases.iter().map(|it| it.id))?;
        for it in &self.people {
            self.check_person(it).map_err(|what| format!("person {}: {what}", it.id))?;
        }
        for it in &self.projects {
            self.check_project(it).map_err(|what| format!("project {}: {what}", it.id))?;
        }
        for it in &self.releases {
            times([Some(it.created_at), it.published_at])
                .map_err(|what| format!("release {}: {what}", it.id))?;
        }
        Ok(self)
    }

    fn trim_names(&mut self) -> Result<(), String> {
        trim("source.json: system", &mut self.source.system)?;
        for name in &mut self.source.products {
            trim("source.json: products", name)?;
        }
        for it in &mut self.people {
            let owner = format!("person {}", it.id);
            let names = [Some(&mut it.first_name), Some(&mut it.last_name)].into_iter();
            let names = names.chain([it.company.as_mut(), it.email.as_mut()]);
            names.flatten().try_for_each(|name| trim(&owner, name))?;
        }
        for it in &mut self.projects {
            let owner = format!("project {}", it.id);
            let names = [Some(&mut it.company), Some(&mut it.direction)].into_iter();
            let mut names = names.chain([it.private_company.as_mut()]).flatten();
            names.try_for_each(|name| trim(&owner, name))?;
        }
        for it in &mut self.releases {
            trim(&format!("release {}", it.id), &mut it.name)?;
        }
        Ok(())
    }

    fn check_person(&self, it: &Person) -> Result<(), String> {
        times([Some(it.created_at)])?;
        if let Some(email) = it.email.as_ref().filter(|it| email_error(it).is_some()) {
            return Err(format!("«{email}» is not an address of mail"));
        }
        if it.role != Role::Customer {
            return Ok(());
        }
        let company = it.company.as_deref().ok_or("a customer needs a company")?;
        for id in &it.projects {
            let project = self.projects.iter().find(|it| it.id == *id);
            let project = project.ok_or_else(|| format!("there is no project {id}"))?;
            if !is_same(&project.company, company) {
                return Err(format!("project {id} belongs to another company"));
            }
        }
        Ok(())
    }

    fn check_project(&self, it: &Project) -> Result<(), String> {
        let is_support =
            |id: &i64| self.people.iter().any(|it| it.id == *id && it.role.is_support());
        if let Some(id) = it.engineers.iter().find(|id| !is_support(id)) {
            return Err(format!("person {id} is not there, or not support"));
        }
        let private = it.private_company.as_deref();
        match private.filter(|name| self.projects.iter().any(|it| is_same(&it.company, name))) {
            Some(name) => Err(format!("private_company «{name}» is the company of a project")),
            None => Ok(()),
        }
    }
}

/// Checks tickets and articles one by one; remembers the numbers that were used.
pub struct Checker<'a> {
    people: HashMap<i64, Role>,
    projects: HashMap<i64, &'a Project>,
    releases: HashSet<i64>,
    tickets: HashSet<i64>,
    articles: HashSet<i64>,
    entries: HashSet<i64>,
    files: HashSet<i64>,
}

impl<'a> Checker<'a> {
    pub fn new(records: &'a Records) -> Self {
        Self {
            people: records.people.iter().map(|it| (it.id, it.role)).collect(),
            projects: records.projects.iter().map(|it| (it.id, it)).collect(),
            releases: records.releases.iter().map(|it| it.id).collect(),
            tickets: HashSet::new(),
            articles: HashSet::new(),
            entries: HashSet::new(),
            files: HashSet::new(),
        }
    }

    /// The number of tickets so far.
    pub fn count(&self) -> i64 {
        i64::try_from(self.tickets.len()).unwrap_or(i64::MAX)
    }

    /// Errors: what is wrong with it.
    pub fn ticket(&mut self, it: &Ticket) -> Result<(), String> {
        if !(1..=MAX_NUMBER).contains(&it.id) || !self.tickets.insert(it.id) {
            return Err("its number is invalid or used twice".to_owned());
        }
        let project = self.projects.get(&it.project);
        let project = project.ok_or_else(|| format!("there is no project {}", it.project))?;
        if it.is_private && project.private_company.is_none() {
            return Err("it is private, and its project has no private_company".to_owned());
        }
        times([Some(it.created_at), Some(it.updated_at), it.closed_at])?;
        self.known([it.author])?;
        self.known(it.watchers.iter().copied())?;
        if let Some(id) = it.assignee.filter(|it| !self.is_support(*it)) {
            return Err(format!("its assignee {id} is not there, or not support"));
        }
        if let Some(id) = it.release.filter(|it| !self.releases.contains(it)) {
            return Err(format!("there is no release {id}"));
        }
        if it.parent == Some(it.id) || it.relations.iter().any(|other| other.other == it.id) {
            return Err("it refers to itself".to_owned());
        }
        let serial_number = it.serial_number.as_deref().unwrap_or_default();
        if serial_number.chars().count() > MAX_SERIAL_NUMBER {
            return Err(format!("its serial number is longer than {MAX_SERIAL_NUMBER} letters"));
        }
        if it.spent.iter().any(|it| it.minutes < 0) {
            return Err("it has negative minutes".to_owned());
        }
        self.new_files(&it.files)?;
        for entry in &it.entries {
            self.entry(entry, it).map_err(|what| format!("entry {}: {what}", entry.id))?;
        }
        let has_entry = |file: &File| it.entries.iter().any(|it| Some(it.id) == file.entry);
        match it.files.iter().find(|it| it.entry.is_some() && !has_entry(it)) {
            Some(file) => Err(format!("file {}: its entry is not there", file.id)),
            None => Ok(()),
        }
    }

    /// Errors: what is wrong with it.
    pub fn article(&mut self, it: &Article) -> Result<(), String> {
        if !self.articles.insert(it.id) {
            return Err("its number is used twice".to_owned());
        }
        if it.title.trim().is_empty() {
            return Err("it has no title".to_owned());
        }
        times([Some(it.created_at), Some(it.updated_at)])?;
        self.known([it.author])?;
        self.new_files(&it.files)
    }

    fn entry(&mut self, it: &Entry, ticket: &Ticket) -> Result<(), String> {
        if !self.entries.insert(it.id) {
            return Err("its number is used twice".to_owned());
        }
        times([Some(it.at)])?;
        self.known([it.author])?;
        let is_there = |id: &&i64| ticket.files.iter().any(|it| it.id == **id);
        if let Some(id) = it.files.iter().find(|it| !is_there(it)) {
            return Err(format!("there is no file {id}"));
        }
        it.changes.iter().try_for_each(|it| self.change(it))
    }

    /// The words and numbers of a change to one of our fields.
    fn change(&self, it: &FieldChange) -> Result<(), String> {
        for value in [&it.from, &it.to].into_iter().flatten() {
            let number = value.parse::<i64>().ok();
            let is_known = match it.field.as_str() {
                "status" => value.parse::<Status>().is_ok(),
                "tracker" => value.parse::<Tracker>().is_ok(),
                "priority" => value.parse::<Priority>().is_ok(),
                "assignee" => number.is_some_and(|it| self.people.contains_key(&it)),
                "project" => number.is_some_and(|it| self.projects.contains_key(&it)),
                "parent" => number.is_some_and(|it| (1..=MAX_NUMBER).contains(&it)),
                _ => true,
            };
            if !is_known {
                return Err(format!("«{value}» is not a value of {}", it.field));
            }
        }
        Ok(())
    }

    fn new_files(&mut self, files: &[File]) -> Result<(), String> {
        for it in files {
            let wrong = |what: &str| Err(format!("file {}: {what}", it.id));
            if !self.files.insert(it.id) {
                return wrong("its number is used twice");
            }
            if it.name.trim().is_empty() {
                return wrong("it has no name");
            }
            if it.size < 0 {
                return wrong("its size is negative");
            }
            times([Some(it.created_at)])?;
            self.known([it.author])?;
        }
        Ok(())
    }

    fn is_support(&self, id: i64) -> bool {
        self.people.get(&id).is_some_and(|it| it.is_support())
    }

    fn known(&self, people: impl IntoIterator<Item = i64>) -> Result<(), String> {
        match people.into_iter().find(|it| !self.people.contains_key(it)) {
            Some(id) => Err(format!("there is no person {id}")),
            None => Ok(()),
        }
    }
}

fn trim(owner: &str, name: &mut String) -> Result<(), String> {
    *name = name.trim().to_owned();
    match name.chars().count() {
        0 => Err(format!("{owner}: a name is blank")),
        1..=MAX_NAME => Ok(()),
        _ => Err(format!("{owner}: «{name}»: a name has at most {MAX_NAME} letters")),
    }
}

fn unique(what: &str, numbers: impl Iterator<Item = i64>) -> Result<(), String> {
    let mut seen = HashSet::new();
    match numbers.into_iter().find(|it| !seen.insert(*it)) {
        Some(id) => Err(format!("{what} {id}: its number is used twice")),
        None => Ok(()),
    }
}

/// Years have four digits, here as in JSON.
fn times(all: impl IntoIterator<Item = Option<DateTime<Utc>>>) -> Result<(), String> {
    match all.into_iter().flatten().find(|it| !(1..=9999).contains(&it.year())) {
        Some(at) => Err(format!("{at} is not a time")),
        None => Ok(()),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
