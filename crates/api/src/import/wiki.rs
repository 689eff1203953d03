//! The pages of wikis: imported as drafts of articles, and compared.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::articles::store::ArticleRow;
use crate::import::format::{Article, File};
use crate::import::redmine::client::{Client, Found};
use crate::import::redmine::directory::Directory;
use crate::import::redmine::files::tag;
use crate::import::redmine::issues::concurrently;
use crate::import::redmine::json::Project;
use crate::import::redmine::map::Map;
use crate::import::redmine::wiki::{Head, article, number, whole};
use crate::import::run::sentence;
use crate::import::store::hash_of_article_file;
use crate::import::verify::Findings;
use crate::import::walk::store_new;
use crate::import::writer::articles::{FetchedArticle, is_worked_on};
use crate::import::writer::rows::ImportedRow;
use crate::import::writer::ticket::content_hash;
use crate::import::writer::{Tally, Work, rows};
use crate::storage::Storage;

/// Pages in one transaction.
const BATCH_SIZE: usize = 50;

/// The wikis of a Redmine.
pub struct Wikis<'a> {
    pub client: &'a Client,
    pub directory: &'a Directory,
    pub map: &'a Map,
    /// The numbers of the projects that are read; none: all.
    pub only: Option<&'a HashSet<i64>>,
}

type Listed<'a> = (i64, &'a Project, &'a Head);

impl<'a> Wikis<'a> {
    /// The pages of the projects that are mapped, by the numbers of their articles.
    fn listed(&self) -> Vec<Listed<'a>> {
        let projects = self.directory.projects.iter();
        let wanted = projects
            .filter(|it| self.map.projects.get(&it.identifier).is_some_and(|it| !it.skip))
            .filter(|it| self.only.is_none_or(|only| only.contains(&it.id)));
        let pages = wanted.flat_map(|project| {
            let heads = self.directory.pages.get(&project.id).into_iter().flatten();
            heads.map(move |head| (number(project.id, &head.title), project, head))
        });
        pages.collect()
    }

    fn read(&self, listed: &[Listed<'_>]) -> Result<Vec<Article>, String> {
        let read = concurrently(listed, |(_, project, head)| {
            let page = whole(self.client, project.id, &head.title)?;
            Ok(page.map(|it| article(&it, head, project, self.map)))
        })?;
        Ok(read.into_iter().flatten().collect())
    }

    /// Imports the pages that the index shows to have changed, or, if it is to be thorough, reads all of them.
    pub fn import_directory(
        &self,
        is_thorough: bool,
        storage: &Storage,
        work: &Work,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), String> {
        let sql = |it: diesel::result::Error| it.to_string();
        let listed = self.listed();
        let ids: Vec<i64> = listed.iter().map(|it| it.0).collect();
        let known = rows::known("article", &ids, conn).map_err(sql)?;
        let is_changed = |(id, _, head): &&Listed<'_>| {
            let before = known.get(id).and_then(|it| it.list_hash.as_ref());
            is_thorough || before != Some(&head.list_hash())
        };
        let wanted: Vec<Listed<'_>> = listed.iter().filter(is_changed).copied().collect();
        for some in wanted.chunks(BATCH_SIZE) {
            let articles = self.read(some)?;
            let files: Vec<&File> = articles.iter().flat_map(|it| &it.files).collect();
            let mut stored = store_new(&files, self.client, storage, conn)?;
            let brought = articles.into_iter().map(|article| {
                let ids = article.files.iter().map(|it| it.id);
                let files = ids.filter_map(|id| Some((id, stored.remove(&id)?))).collect();
                FetchedArticle { article, files }
            });
            let brought: Vec<FetchedArticle> = brought.collect();
            work.write_articles(&brought, &[], tally, conn).map_err(|it| sentence(&it))?;
        }
        let gone = self.gone(&ids, conn)?;
        work.write_articles(&[], &gone, tally, conn).map_err(|it| sentence(&it))
    }

    /// The articles whose pages are no longer in any index, if all indexes were read. That of an archived
    /// project cannot be read.
    fn gone(&self, listed: &[i64], conn: &mut PgConnection) -> Result<Vec<i64>, String> {
        let sql = |it: diesel::result::Error| it.to_string();
        let projects = rows::numbers("project", conn).map_err(sql)?;
        if self.only.is_some() || self.directory.archived.iter().any(|it| projects.contains_key(it))
        {
            return Ok(Vec::new());
        }
        let here = rows::numbers("article", conn).map_err(sql)?;
        Ok(here.into_keys().filter(|it| !listed.contains(it)).collect())
    }

    /// Texts, names and bytes of the articles that nobody worked on here.
    pub fn compare(&self, found: &mut Findings, conn: &mut PgConnection) -> Result<(), String> {
        let listed = self.listed();
        let ids: Vec<i64> = listed.iter().map(|it| it.0).collect();
        for some in listed.chunks(BATCH_SIZE) {
            for it in self.read(some)? {
                let known = rows::known("article", &[it.id], conn).map_err(|it| it.to_string())?;
                match known.get(&it.id).and_then(|it| Some((it, it.id?))) {
                    Some((row, id)) => self.compare_one(&it, row, id, found, conn)?,
                    None => found.differences.push(format!("page «{}»: it is not here", it.title)),
                }
            }
        }
        for id in self.gone(&ids, conn)? {
            found.differences.push(format!("the page of article №{id} is not there any more"));
        }
        Ok(())
    }

    fn compare_one(
        &self,
        it: &Article,
        row: &ImportedRow,
        id: i64,
        found: &mut Findings,
        conn: &mut PgConnection,
    ) -> Result<(), String> {
        let sql = |it: diesel::result::Error| it.to_string();
        let here = ArticleRow::query().find(id).first(conn).map_err(sql)?;
        if is_worked_on(&here, row) {
            found.articles_worked_on.push(id);
            return Ok(());
        }
        found.articles += 1;
        let text = here.newest(conn).map_err(sql)?;
        let is_same =
            (&text.title, &text.problem, &text.solution) == (&it.title, &it.problem, &it.solution);
        if !is_same || row.content_hash.as_deref() != Some(&content_hash(it)) {
            found.differences.push(format!("article {id}: page «{}» differs", it.title));
        }
        let files = rows::known("file", &it.files.iter().map(|it| it.id).collect::<Vec<_>>(), conn);
        let files = files.map_err(sql)?;
        for file in &it.files {
            let row = files.get(&file.id);
            if row.is_some_and(|it| it.about["recorded_size"] == file.size) {
                found.damaged += 1;
                continue;
            }
            let here = row.and_then(|it| it.id).unwrap_or(0);
            let hash = hash_of_article_file(here, id, conn).map_err(sql)?;
            let is_same = match hash {
                Some(hash) => self.client.is_unchanged(file.id, &tag(&hash))?,
                None => Found::Gone,
            };
            if !matches!(is_same, Found::There(true)) {
                found.differences.push(format!("article {id}: file «{}» differs", file.name));
            }
        }
        Ok(())
    }
}
