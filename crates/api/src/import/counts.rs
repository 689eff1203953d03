//! What there is in a Redmine, counted.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::import::progress::Progress;
use crate::import::redmine::client::Client;
use crate::import::redmine::directory::Directory;
use crate::import::redmine::fields::values;
use crate::import::redmine::issues::page;

/// Longer subjects are not shortened, but are hard to read in lists.
const LONG_SUBJECT: usize = 200;

/// A product name in fewer issues is not proposed for the catalogue.
const MIN_ISSUES_OF_PRODUCT: i64 = 3;

/// Figures about the issues of a Redmine.
#[derive(Default)]
pub struct Counts {
    pub issues: i64,
    pub highest: i64,
    pub private: i64,
    pub files: i64,
    pub bytes: i64,
    pub projects: BTreeMap<i64, i64>,
    pub assignees: BTreeMap<i64, i64>,
    pub statuses: BTreeMap<String, i64>,
    pub trackers: BTreeMap<String, i64>,
    pub priorities: BTreeMap<String, i64>,
    /// How many issues have a value of a custom field.
    pub fields: BTreeMap<i64, i64>,
    values: BTreeMap<(i64, String), i64>,
    /// Issues with a long subject.
    pub long: Vec<i64>,
    /// Issues without a description.
    pub blank: Vec<i64>,
}

impl Counts {
    /// Walks through all lists.
    pub fn read(client: &Client) -> Result<Self, String> {
        let mut it = Self::default();
        let mut progress: Option<Progress> = None;
        loop {
            let page = page(client, it.highest, &[])?;
            let progress =
                progress.get_or_insert_with(|| Progress::new("issues counted", page.total_count));
            progress.step(i64::try_from(page.issues.len()).unwrap_or(0));
            let is_last = i64::try_from(page.issues.len()).unwrap_or(0) >= page.total_count;
            for issue in page.issues {
                it.issues += 1;
                it.highest = issue.id;
                it.private += i64::from(issue.is_private);
                it.files += i64::try_from(issue.attachments.len()).unwrap_or(0);
                it.bytes += issue.attachments.iter().map(|it| it.filesize).sum::<i64>();
                *it.projects.entry(issue.project.id).or_default() += 1;
                if let Some(assignee) = &issue.assigned_to {
                    *it.assignees.entry(assignee.id).or_default() += 1;
                }
                *it.statuses.entry(issue.status.name).or_default() += 1;
                *it.trackers.entry(issue.tracker.name).or_default() += 1;
                *it.priorities.entry(issue.priority.name).or_default() += 1;
                for field in &issue.custom_fields {
                    let values = values(&field.value);
                    *it.fields.entry(field.id).or_default() += i64::from(!values.is_empty());
                    if let [value] = values.as_slice()
                        && value.chars().count() <= 60
                        && it.values.len() < 50_000
                    {
                        *it.values.entry((field.id, (*value).to_owned())).or_default() += 1;
                    }
                }
                if issue.subject.chars().count() > LONG_SUBJECT {
                    it.long.push(issue.id);
                }
                if issue.description.as_deref().unwrap_or_default().trim().is_empty() {
                    it.blank.push(issue.id);
                }
            }
            if is_last {
                return Ok(it);
            }
        }
    }

    /// The product names that are frequent enough.
    pub fn product_names(&self, directory: &Directory) -> Vec<String> {
        let is_product = |id: i64| {
            let field = directory.field(id);
            field.is_some_and(|it| domain::imported::proposed_field(&it.name) == Some("product"))
        };
        let often = self
            .values
            .iter()
            .filter(|((id, _), count)| is_product(*id) && **count >= MIN_ISSUES_OF_PRODUCT);
        often.map(|((_, name), _)| name.clone()).collect()
    }
}

/// The highest number of an issue.
pub fn highest(client: &Client) -> Result<i64, String> {
    let query = [("status_id", "*"), ("sort", "id:desc"), ("limit", "1")];
    let found = client.json::<Value>("/issues.json", &query)?.into_option();
    Ok(found.and_then(|it| it["issues"][0]["id"].as_i64()).unwrap_or(0))
}

pub fn private_issues(client: &Client) -> Result<i64, String> {
    let query = [("status_id", "*"), ("is_private", "1"), ("limit", "1")];
    let found = client.json::<Value>("/issues.json", &query)?.into_option();
    Ok(found.and_then(|it| it["total_count"].as_i64()).unwrap_or(0))
}
