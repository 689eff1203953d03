//! Converts people and their memberships. Nobody sees more than before.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::Role;

use crate::import::format::{DELETED, Person, Project, Release};
use crate::import::redmine::directory::Directory;
use crate::import::redmine::json;
use crate::import::redmine::json::{Membership, User};
use crate::import::redmine::map::{Map, PRIVATE, PrivateIssues, RoleTo, is_same};

/// Redmine's number of the anonymous user, which stands for deleted people.
pub const ANONYMOUS: i64 = 4;

/// The roles that a person has in each project, through groups, too.
fn roles_in(user: i64, directory: &Directory) -> Vec<(i64, &json::Role)> {
    let of_group =
        |id: i64| directory.group(id).is_some_and(|it| it.users.iter().any(|it| it.id == user));
    let is_theirs = |it: &&Membership| {
        it.user.as_ref().is_some_and(|it| it.id == user)
            || it.group.as_ref().is_some_and(|it| of_group(it.id))
    };
    let mut roles = Vec::new();
    for (project, members) in &directory.members {
        let of_members = members.iter().filter(is_theirs).flat_map(|it| &it.roles);
        let named = of_members.filter_map(|of| directory.roles.iter().find(|it| it.id == of.id));
        roles.extend(named.map(|it| (*project, it)));
    }
    roles
}

/// Whether a person is support (true) or a customer (false) in each project.
fn roles_of(user: i64, directory: &Directory, map: &Map) -> BTreeMap<i64, BTreeSet<bool>> {
    let mut roles: BTreeMap<i64, BTreeSet<bool>> = BTreeMap::new();
    for (project, role) in roles_in(user, directory) {
        match map.roles.get(&role.name) {
            Some(RoleTo::Engineer) => roles.entry(project).or_default().insert(true),
            Some(RoleTo::Customer) if role.reads_projects => {
                roles.entry(project).or_default().insert(false)
            }
            Some(RoleTo::Customer | RoleTo::None) | None => false,
        };
    }
    roles
}

/// The projects in which a person is support, and whether they are a customer anywhere, however little they see there.
fn as_both(user: i64, directory: &Directory, map: &Map) -> Option<String> {
    let (mut support, mut is_customer) = (BTreeSet::new(), false);
    for (project, role) in roles_in(user, directory) {
        match map.roles.get(&role.name) {
            Some(RoleTo::Engineer) => {
                support.extend(directory.project(project).map(|it| format!("«{}»", it.name)));
            }
            Some(RoleTo::Customer) => is_customer = true,
            Some(RoleTo::None) | None => {}
        }
    }
    let names: Vec<String> = support.into_iter().collect();
    (is_customer && !names.is_empty()).then(|| names.join(", "))
}

/// The projects of which a customer sees nothing there, or their own issues alone: here a member sees all.
fn narrow(user: i64, directory: &Directory, map: &Map) -> Vec<String> {
    let all = roles_of(user, directory, map);
    let is_narrow = |(project, role): &(i64, &json::Role)| {
        let is_customer = map.roles.get(&role.name) == Some(&RoleTo::Customer);
        is_customer && !role.reads_projects && !all.contains_key(project)
    };
    let found = roles_in(user, directory).into_iter().filter(is_narrow);
    let names = found.filter_map(|it| Some(directory.project(it.0)?.name.clone()));
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// All people, with remarks about some of them.
pub fn people(directory: &Directory, map: &Map) -> (Vec<Person>, Vec<String>) {
    let mut remarks = Vec::new();
    let mut addresses = BTreeSet::new();
    let mut people: Vec<Person> = Vec::new();
    for user in &directory.users {
        people.push(person(user, directory, map, &mut addresses, &mut remarks));
    }
    people.push(Person {
        id: ANONYMOUS,
        login: String::new(),
        role: Role::Commercial,
        company: None,
        email: None,
        first_name: DELETED.0.to_owned(),
        last_name: DELETED.1.to_owned(),
        is_active: false,
        is_unplaced: true,
        created_at: chrono::DateTime::UNIX_EPOCH,
        projects: Vec::new(),
        key: None,
    });
    (people, remarks)
}

fn person(
    user: &User,
    directory: &Directory,
    map: &Map,
    addresses: &mut BTreeSet<String>,
    remarks: &mut Vec<String>,
) -> Person {
    let to = map.people.get(&user.login).cloned().unwrap_or_default();
    let roles = roles_of(user.id, directory, map);
    let is_support = roles.values().any(|it| it.contains(&true));
    let customer_of: Vec<i64> =
        roles.iter().filter(|(_, it)| it.contains(&false)).map(|(id, _)| *id).collect();
    let as_both = as_both(user.id, directory, map);
    let mut remark = |what: String| {
        remarks.push(format!("{} ({}): {what}", user.login, directory.name_of(user.id)))
    };
    let role = match (to.role, user.admin, as_both) {
        (Some(role), ..) => role,
        (None, true, _) => Role::Admin,
        (None, false, Some(support)) => {
            remark(format!(
                "is a customer, and support in {support}: comes over as a customer, unless [people] in the map \
                 names another role"
            ));
            Role::Customer
        }
        (None, false, None) if is_support => Role::Engineer,
        (None, false, None) if customer_of.is_empty() => Role::Commercial,
        (None, false, None) => Role::Customer,
    };
    for project in narrow(user.id, directory, map) {
        remark(format!(
            "does not see all of «{project}» there, as its members do here: comes over without it"
        ));
    }
    let company = (role == Role::Customer)
        .then(|| to.company.clone().or_else(|| company_of(&customer_of, directory, map)));
    let company = company.flatten();
    let is_lost = role == Role::Customer && company.is_none();
    let projects = projects_of(role, &customer_of, company.as_deref(), directory, map, &mut remark);
    let address = to.email.clone().or_else(|| user.mail.clone()).map(|it| it.trim().to_owned());
    let address = address.filter(|it| crate::users::create::email_error(it).is_none());
    let folded = address.as_deref().map(crate::credentials::email::fold_email);
    let email = match folded {
        None => {
            remark("has no usable address, cannot be invited".to_owned());
            None
        }
        Some(it) if !addresses.insert(it.clone()) => {
            remark(format!("has an address that somebody else has, too: {it}"));
            None
        }
        Some(_) => address,
    };
    let is_unplaced = role == Role::Commercial && to.role.is_none();
    let is_open = user.status == 1;
    if is_unplaced && is_open {
        remark("is a member of no project that is mapped: comes over without access".to_owned());
    }
    let name =
        |it: &str| if it.trim().is_empty() { "—".to_owned() } else { it.trim().to_owned() };
    Person {
        id: user.id,
        login: user.login.clone(),
        role: if is_lost { Role::Commercial } else { role },
        company,
        is_active: is_open && !is_unplaced && !is_lost && email.is_some(),
        is_unplaced: is_open && (is_unplaced || is_lost || email.is_none()),
        email,
        first_name: name(&user.firstname),
        last_name: name(&user.lastname),
        created_at: user.created_on,
        projects,
        key: None,
    }
}

/// The company with most of a person's projects; on a tie, that of the first project.
fn company_of(projects: &[i64], directory: &Directory, map: &Map) -> Option<String> {
    let companies: Vec<(&str, bool)> = projects
        .iter()
        .filter_map(|id| directory.project(*id))
        .filter_map(|it| Some((map.projects.get(&it.identifier)?, it.status == 1)))
        .filter(|(to, _)| !to.skip)
        .map(|(to, is_active)| (to.company.as_str(), is_active))
        .collect();
    let weight = |name: &str| {
        let own = companies.iter().filter(|it| is_same(it.0, name));
        own.map(|it| if it.1 { 2 } else { 1 }).sum::<i32>()
    };
    let mut best: Option<&str> = None;
    for (name, _) in &companies {
        if best.is_none_or(|it| weight(name) > weight(it)) {
            best = Some(name);
        }
    }
    best.map(str::to_owned)
}

fn projects_of(
    role: Role,
    customer_of: &[i64],
    company: Option<&str>,
    directory: &Directory,
    map: &Map,
    remark: &mut dyn FnMut(String),
) -> Vec<i64> {
    if role != Role::Customer {
        return Vec::new();
    }
    let mut own = Vec::new();
    for project in customer_of.iter().filter_map(|id| directory.project(*id)) {
        let to = map.projects.get(&project.identifier).filter(|it| !it.skip);
        match to {
            Some(to) if company.is_some_and(|it| is_same(it, &to.company)) => own.push(project.id),
            Some(to) => remark(format!(
                "is a customer of «{}», and not of «{}» as well: loses the project «{}»",
                company.unwrap_or_default(),
                to.company,
                project.name
            )),
            None => {}
        }
    }
    own
}

/// The numbers of the people who may be assignees here.
pub fn support(directory: &Directory, map: &Map) -> HashSet<i64> {
    people(directory, map).0.iter().filter(|it| it.role.is_support()).map(|it| it.id).collect()
}

/// The projects to import.
pub fn projects(directory: &Directory, map: &Map, people: &[Person]) -> Vec<Project> {
    let mapped =
        directory.projects.iter().filter_map(|it| Some((it, map.projects.get(&it.identifier)?)));
    let mapped = mapped.filter(|(_, to)| !to.skip);
    let private = (map.private_issues == PrivateIssues::SupportOnly).then(|| PRIVATE.to_owned());
    let projects = mapped.map(|(it, to)| Project {
        id: it.id,
        name: it.name.clone(),
        company: to.company.clone(),
        direction: to.direction.clone(),
        private_company: private.clone(),
        is_active: it.status == 1,
        engineers: people
            .iter()
            .filter(|person| matches!(person.role, Role::Engineer | Role::Admin))
            .filter(|person| {
                roles_of(person.id, directory, map).get(&it.id).is_some_and(|it| it.contains(&true))
            })
            .map(|person| person.id)
            .collect(),
    });
    projects.collect()
}

/// Versions as releases; their products follow from the tickets.
pub fn releases(directory: &Directory) -> Vec<Release> {
    let releases = directory.versions.iter().map(|it| Release {
        id: it.id,
        name: it.name.clone(),
        notes: it.description.clone().filter(|it| !it.trim().is_empty()),
        planned_on: it.due_date,
        published_at: (it.status == "closed").then(|| {
            let day = it.due_date.and_then(|it| it.and_hms_opt(12, 0, 0)).map(|it| it.and_utc());
            day.filter(|day| *day <= it.updated_on).unwrap_or(it.updated_on)
        }),
        created_at: it.created_on,
    });
    releases.collect()
}
