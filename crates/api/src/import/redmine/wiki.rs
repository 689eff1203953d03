//! Pages of wikis as articles.

use chrono::{DateTime, Utc};
use domain::imported::plain;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::import::format::{Article, File};
use crate::import::redmine::client::Client;
use crate::import::redmine::convert::file;
use crate::import::redmine::json::{Attachment, Named, Project};
use crate::import::redmine::map::Map;
use crate::import::redmine::people::ANONYMOUS;

/// A page, as the index of its wiki shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Head {
    pub title: String,
    version: i64,
    updated_on: DateTime<Utc>,
}

impl Head {
    /// A fingerprint of the page in the index, by which changes are detected; files do not show there.
    pub fn list_hash(&self) -> String {
        format!("{} {}", self.version, self.updated_on.timestamp())
    }
}

/// A page with its newest text.
#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    title: String,
    #[serde(default)]
    text: String,
    author: Option<Named>,
    parent: Option<Titled>,
    created_on: DateTime<Utc>,
    updated_on: DateTime<Utc>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Clone, Deserialize)]
struct Titled {
    title: String,
}

#[derive(Deserialize)]
struct One {
    wiki_page: Page,
}

/// REST gives pages no numbers: this one follows from the project and the title.
pub fn number(project: i64, title: &str) -> i64 {
    let hash = Sha256::digest(format!("{project}/{title}"));
    hash.iter().take(8).fold(0_i64, |number, it| (number << 8) | i64::from(*it)) & i64::MAX
}

/// A page with its text and files; none once it is gone.
pub fn whole(client: &Client, project: i64, title: &str) -> Result<Option<Page>, String> {
    let name = utf8_percent_encode(title, NON_ALPHANUMERIC);
    let path = format!("/projects/{project}/wiki/{name}.json");
    let found = client.json::<One>(&path, &[("include", "attachments")])?;
    Ok(found.into_option().map(|it| it.wiki_page))
}

pub fn article(page: &Page, head: &Head, project: &Project, map: &Map) -> Article {
    let section = page
        .parent
        .as_ref()
        .map(|it| format!(", раздел «{}»", spaced(&it.title)))
        .unwrap_or_default();
    let text = plain(&page.text, map.markup());
    let mut files: Vec<File> = page.attachments.iter().map(|it| file(it, None, false)).collect();
    files.sort_by_key(|it| it.id);
    Article {
        id: number(project.id, &page.title),
        title: spaced(&page.title),
        problem: format!("Страница wiki проекта «{}»{section}", project.name),
        solution: if text.trim().is_empty() { "—".to_owned() } else { text },
        author: page.author.as_ref().map_or(ANONYMOUS, |it| it.id),
        created_at: page.created_on,
        updated_at: page.updated_on,
        files,
        list_hash: head.list_hash(),
    }
}

/// A title as people read it.
fn spaced(title: &str) -> String {
    title.replace('_', " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_same_number_as_long_as_it_has_its_title() {
        assert_eq!(number(21, "Регламент"), number(21, "Регламент"));
        assert_ne!(number(21, "Регламент"), number(22, "Регламент"));
        assert!(number(21, "Регламент") > 0);
    }
}
