//! The map: the counterpart of each word, project and person of the other system. A person confirms it.

use std::collections::BTreeMap;
use std::path::Path;

use domain::imported::{
    Markup, named_place, proposed_field, proposed_priority, proposed_role, proposed_status,
    proposed_tracker,
};
use domain::{Priority, Role, Status, Tracker};
use serde::{Deserialize, Serialize};

use crate::import::format::MAX_NAME;
use crate::import::redmine::directory::Directory;
use crate::import::redmine::json::{CustomField, Named};
use crate::users::create::email_error;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Map {
    pub text_formatting: Option<Markup>,
    pub private_issues: PrivateIssues,
    /// Issues that became private after people worked on them here, and that their company goes on seeing.
    pub stay_open: Vec<i64>,
    /// The names that are products of the catalogue; others remain text.
    pub products: Vec<String>,
    pub statuses: BTreeMap<String, Status>,
    pub trackers: BTreeMap<String, Tracker>,
    pub priorities: BTreeMap<String, Priority>,
    pub roles: BTreeMap<String, RoleTo>,
    pub fields: BTreeMap<String, FieldTo>,
    /// By their identifiers.
    pub projects: BTreeMap<String, ProjectTo>,
    /// By login; only people whose settings differ.
    pub people: BTreeMap<String, PersonTo>,
}

/// The company of private tickets, which has no people.
pub const PRIVATE: &str = "Техподдержка (частные задачи)";

/// What becomes of private issues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateIssues {
    /// The import stops where there is one.
    #[default]
    Stop,
    /// They go to a company without people.
    SupportOnly,
    /// They stay where they are.
    Skip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleTo {
    Engineer,
    Customer,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldTo {
    Product,
    SerialNumber,
    SoftwareVersion,
    /// Stored and shown under its original name.
    Imported,
    Drop,
}

impl FieldTo {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::SerialNumber => "serial_number",
            Self::SoftwareVersion => "software_version",
            Self::Imported => "imported",
            Self::Drop => "drop",
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectTo {
    pub company: String,
    pub direction: String,
    pub skip: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonTo {
    pub email: Option<String>,
    pub role: Option<Role>,
    pub company: Option<String>,
}

/// Whether two names mean the same company; they are compared without case.
pub fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn is_long(name: &str) -> bool {
    name.chars().count() > MAX_NAME
}

impl Map {
    /// Errors: the sentence that says what is wrong with the file, and where.
    pub fn read(file: &Path) -> Result<Self, String> {
        let sentence =
            |cause: &dyn std::fmt::Display| format!("--map: {}: {cause}", file.display());
        let text = std::fs::read_to_string(file).map_err(|it| sentence(&it))?;
        let map: Self = toml::from_str(&text).map_err(|it| {
            let before = it.span().and_then(|it| text.get(..it.start));
            let line = before.map(|it| it.lines().count().max(1));
            let place = line.map(|it| format!("line {it}: ")).unwrap_or_default();
            sentence(&format!("{place}{}", it.message()))
        })?;
        Ok(map.trimmed())
    }

    /// Names without surrounding blanks.
    fn trimmed(mut self) -> Self {
        let names = self.projects.values_mut().flat_map(|it| [&mut it.company, &mut it.direction]);
        let people =
            self.people.values_mut().flat_map(|it| [it.company.as_mut(), it.email.as_mut()]);
        let names = names.chain(people.flatten());
        names.chain(&mut self.products).for_each(|it| *it = it.trim().to_owned());
        self
    }

    pub fn markup(&self) -> Markup {
        self.text_formatting.unwrap_or(Markup::Markdown)
    }

    pub fn field(&self, field: &CustomField) -> FieldTo {
        self.fields.get(&field.name).copied().unwrap_or(FieldTo::Imported)
    }

    /// What the map does not cover yet.
    pub fn gaps(&self, directory: &Directory) -> Vec<String> {
        fn of<T>(what: &str, named: &[Named], known: &BTreeMap<String, T>) -> Vec<String> {
            let gaps = named.iter().filter(|it| !known.contains_key(&it.name));
            gaps.map(|it| format!("{what} «{}» (№{}) has no mapping", it.name, it.id)).collect()
        }
        let projects = directory.projects.iter().filter_map(|it| {
            let sentence =
                |what: &str| Some(format!("project «{}» ({}) {what}", it.name, it.identifier));
            match self.projects.get(&it.identifier) {
                None => sentence("has no mapping"),
                Some(to) if to.skip => None,
                Some(to) if to.company.is_empty() || to.direction.is_empty() => {
                    sentence("needs a company and a direction, or skip = true")
                }
                Some(to) if is_long(&to.company) || is_long(&to.direction) => {
                    sentence("needs shorter names of company and direction")
                }
                Some(to) if is_same(&to.company, PRIVATE) => {
                    sentence("cannot belong to the company of private issues")
                }
                Some(_) => None,
            }
        });
        [
            of("status", &directory.statuses, &self.statuses),
            of("tracker", &directory.trackers, &self.trackers),
            of("priority", &directory.priorities, &self.priorities),
            of("role", &directory.role_names(), &self.roles),
        ]
        .concat()
        .into_iter()
        .chain(projects)
        .chain(self.wrong_fields(directory))
        .chain(self.wrong_people(directory))
        .chain(
            self.products
                .iter()
                .filter(|it| is_long(it))
                .map(|it| format!("product «{it}» is too long")),
        )
        .collect()
    }

    /// Fields that do not exist, that compete for one place, or that more people would see here than there.
    fn wrong_fields(&self, directory: &Directory) -> Vec<String> {
        let fields = || directory.fields.iter().filter(|it| it.customized_type == "issue");
        let unknown = self.fields.keys().filter(|name| !fields().any(|it| it.name == **name));
        let unknown = unknown.map(|it| format!("there is no field «{it}»"));
        let columns = [FieldTo::Product, FieldTo::SerialNumber, FieldTo::SoftwareVersion];
        let twice =
            columns.iter().filter(|to| self.fields.values().filter(|it| it == to).count() > 1);
        let twice =
            twice.map(|it| format!("two fields are mapped to {}: a ticket has one", it.word()));
        let hidden = fields().filter(|it| !it.visible && columns.contains(&self.field(it)));
        let hidden = hidden.map(|it| {
            format!("field «{}» is not visible to all there: imported keeps it for support, drop leaves it out", it.name)
        });
        unknown.chain(twice).chain(hidden).collect()
    }

    /// People who do not exist, companies that no project has, and addresses that are none.
    fn wrong_people(&self, directory: &Directory) -> Vec<String> {
        let is_there = |login: &str| directory.users.iter().any(|it| it.login == login);
        let unknown = self.people.keys().filter(|it| !is_there(it));
        let unknown = unknown.map(|it| format!("there is no person with the login «{it}»"));
        let has_projects = |company: &str| {
            self.projects.values().any(|it| !it.skip && is_same(&it.company, company))
        };
        let lost = self.people.iter().filter_map(|(login, to)| Some((login, to.company.as_ref()?)));
        let lost = lost.filter(|it| !has_projects(it.1));
        let lost =
            lost.map(|(login, it)| format!("«{login}»: no project belongs to the company «{it}»"));
        let email = self.people.iter().filter_map(|(login, to)| Some((login, to.email.as_ref()?)));
        let wrong = email.filter(|it| email_error(it.1).is_some());
        let wrong = wrong.map(|(login, it)| format!("«{login}»: «{it}» is not an address of mail"));
        unknown.chain(lost).chain(wrong).collect()
    }

    /// A map with proposals for everything, to be reviewed by a person.
    pub fn proposed(directory: &Directory, products: &[String]) -> String {
        let mut lines = vec![
            "# What each thing of the Redmine is here. Read it, correct it, and give it to --map.".to_owned(),
            String::new(),
            "# In which markup texts are written there: \"markdown\", \"textile\" or \"none\".".to_owned(),
            "text_formatting = \"markdown\"".to_owned(),
            "# Private issues: \"stop\", \"support_only\" (nobody but support sees them) or \"skip\".".to_owned(),
            "private_issues = \"stop\"".to_owned(),
            "# Numbers of issues that became private after people worked on them here, and stay visible here.".to_owned(),
            "stay_open = []".to_owned(),
            "# Names of the product field that become products of the catalogue, where all customers of a\n\
             # direction see them; other names stay with their tickets.".to_owned(),
            format!("products = [{}]", products.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ")),
        ];
        let mut list = |title: &str,
                        words: &str,
                        named: &[Named],
                        propose: &dyn Fn(&str) -> Option<String>| {
            lines.push(format!("\n[{title}] # {words}"));
            lines.extend(named.iter().map(|it| match propose(&it.name) {
                Some(word) => format!("{} = \"{word}\"", quoted(&it.name)),
                None => format!("# {} = \"?\"", quoted(&it.name)),
            }));
        };
        let words = |all: Vec<&str>| all.join(", ");
        list(
            "statuses",
            &words(Status::ALL.iter().map(|it| it.as_str()).collect()),
            &directory.statuses,
            &|it| proposed_status(it).map(|it| it.to_string()),
        );
        list(
            "trackers",
            &words(Tracker::ALL.iter().map(|it| it.as_str()).collect()),
            &directory.trackers,
            &|it| proposed_tracker(it).map(|it| it.to_string()),
        );
        list(
            "priorities",
            &words(Priority::ALL.iter().map(|it| it.as_str()).collect()),
            &directory.priorities,
            &|it| proposed_priority(it).map(|it| it.to_string()),
        );
        list("roles", "engineer, customer, none", &directory.role_names(), &|it| {
            proposed_role(it).map(|it| it.to_string())
        });
        let is_seen = |name: &str| directory.fields.iter().all(|it| it.name != name || it.visible);
        let fields: Vec<Named> = directory
            .fields
            .iter()
            .filter(|it| it.customized_type == "issue")
            .map(|it| Named { id: it.id, name: it.name.clone() })
            .collect();
        list(
            "fields",
            "product, serial_number, software_version, imported, drop",
            &fields,
            &|it| Some(proposed_field(it).filter(|_| is_seen(it)).unwrap_or("imported").to_owned()),
        );
        lines.push("\n# By their identifiers. Two projects of one company and direction become one: their\n\
                    # people then see both.".to_owned());
        lines.push("[projects]".to_owned());
        lines.extend(directory.projects.iter().map(proposed_project));
        lines.push(
            "\n# People, by login, whose data here is to differ from there, for instance:"
                .to_owned(),
        );
        lines.push("# [people]\n# \"i.ivanov\" = { email = \"i.ivanov@example.com\", role = \"customer\", company = \"ООО «Пример»\" }".to_owned());
        lines.join("\n") + "\n"
    }
}

fn proposed_project(it: &crate::import::redmine::json::Project) -> String {
    let key = quoted(&it.identifier);
    match named_place(&it.name) {
        Some(place) => format!(
            "{key} = {{ company = {}, direction = {} }} # {}",
            quoted(&place.company),
            quoted(&place.direction),
            it.name
        ),
        None => format!(
            "{key} = {{ company = {}, direction = \"Общее\" }} # check: the name has no direction",
            quoted(&it.name)
        ),
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|it| match it {
            '"' => vec!['\\', '"'],
            '\\' => vec!['\\', '\\'],
            it if it.is_control() => vec![' '],
            it => vec![it],
        })
        .collect();
    format!("\"{escaped}\"")
}
