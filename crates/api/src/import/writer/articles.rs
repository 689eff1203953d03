//! Articles: drafts for support, of what people of another system wrote down. One that nobody worked on here
//! follows its source.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{ArticleStatus, Language};
use serde_json::json;

use crate::articles::store::{ArticleRow, VersionRow};
use crate::db::clock;
use crate::db::schema::attachments;
use crate::db::string_enum::DbEnum;
use crate::import::format::{Article, File};
use crate::import::redmine::files::Stored;
use crate::import::writer::files::{Of, damaged};
use crate::import::writer::rows::{ImportedRow, NewImported};
use crate::import::writer::ticket::{content_hash, numbers};
use crate::import::writer::{Tally, Work, discard, rows};
use crate::problem::Problem;
use crate::uploads::name;

/// An article that was read, with its new files; no bytes for a file that the source has lost.
#[derive(Debug)]
pub struct FetchedArticle {
    pub article: Article,
    pub files: HashMap<i64, Option<Stored>>,
}

/// Whether people have worked on a draft since it was imported.
pub fn is_worked_on(article: &ArticleRow, row: &ImportedRow) -> bool {
    row.about["version"] != article.version || article.status.0 != ArticleStatus::Draft
}

impl Work {
    /// Writes articles, and deletes drafts that were deleted in the source, in one transaction.
    pub fn write_articles(
        &self,
        brought: &[FetchedArticle],
        gone: &[i64],
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let mut of_batch = Tally::default();
        conn.transaction(|conn| {
            let now = clock::now(conn)?.rules;
            let ids: Vec<i64> = brought.iter().map(|it| it.article.id).collect();
            let known = rows::known("article", &ids, conn)?;
            for it in brought {
                self.write_article(it, known.get(&it.article.id), now, &mut of_batch, conn)?;
            }
            for row in rows::known("article", gone, conn)?.into_values() {
                delete_draft(&row, &mut of_batch, conn)?;
            }
            Ok::<(), Problem>(())
        })?;
        tally.add(of_batch);
        Ok(())
    }

    fn write_article(
        &self,
        brought: &FetchedArticle,
        known: Option<&ImportedRow>,
        now: DateTime<Utc>,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let it = &brought.article;
        let content_hash = content_hash(it);
        if known.is_some_and(|it| it.content_hash.as_ref() == Some(&content_hash)) {
            return Ok(());
        }
        let before = match known.and_then(|it| Some((it, it.id?))) {
            Some((row, id)) => Some((row, ArticleRow::lock(id, conn)?)),
            None => None,
        };
        let mut about = known.map_or_else(|| json!({}), |it| it.about.clone());
        let id = match before {
            Some((row, here)) if is_worked_on(&here, row) => {
                tally.remarks.push(format!(
                    "article {}: people worked on it here; what was changed there is not applied",
                    here.id
                ));
                here.id
            }
            before => {
                let written_at = if before.is_some() { now } else { it.updated_at };
                let article = match before {
                    Some((_, before)) => ArticleRow { version: before.version + 1, ..before },
                    None => ArticleRow::create(None, it.created_at, conn)?,
                };
                article.save(conn)?;
                self.version(it, &article, written_at)?.create(conn)?;
                let had = numbers(&about, "files");
                self.write_article_files(brought, &article, &had, tally, conn)?;
                let files: Vec<i64> = it.files.iter().map(|it| it.id).collect();
                about = json!({ "version": article.version, "files": files });
                tally.articles += 1;
                article.id
            }
        };
        let recorded = NewImported {
            content_hash: Some(content_hash),
            list_hash: Some(it.list_hash.clone()),
            about,
            ..NewImported::plain("article", it.id, Some(id))
        };
        Ok(rows::record(vec![recorded], conn)?)
    }

    fn version(
        &self,
        it: &Article,
        article: &ArticleRow,
        created_at: DateTime<Utc>,
    ) -> Result<VersionRow, Problem> {
        Ok(VersionRow {
            article_id: article.id,
            version: article.version,
            language: DbEnum(Language::Ru),
            title: it.title.clone(),
            problem: it.problem.clone(),
            solution: it.solution.clone(),
            product_ids: Vec::new(),
            version_from: None,
            version_to: None,
            author_id: self.person(it.author)?,
            created_at,
            redacted_at: None,
        })
    }

    /// Writes the files of an article: new, renamed and deleted ones.
    fn write_article_files(
        &self,
        brought: &FetchedArticle,
        article: &ArticleRow,
        had: &HashSet<i64>,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let it = &brought.article;
        let ids: Vec<i64> = it.files.iter().map(|it| it.id).chain(had.iter().copied()).collect();
        let known = rows::known("file", &ids, conn)?;
        let mut new = Vec::new();
        for file in &it.files {
            match (known.get(&file.id).and_then(|it| it.id), brought.files.get(&file.id)) {
                (Some(id), _) => rename(id, file, conn)?,
                (None, Some(Some(stored))) => new.push((file, stored)),
                (None, Some(None)) => tally
                    .lost
                    .push(format!("«{}» (№{}) of article {}", file.name, file.id, article.id)),
                (None, None) => {}
            }
        }
        let of = |_: &File| Of {
            ticket_id: None,
            comment_id: None,
            article: Some((article.id, article.version)),
        };
        self.insert_files(&new, of, conn)?;
        tally.files += new.len();
        let owner = format!("of article {}", article.id);
        tally.damaged.extend(new.iter().filter_map(|it| damaged(it.0, it.1, &owner)));
        let is_gone = |id: &i64| had.contains(id) && !it.files.iter().any(|it| it.id == *id);
        let gone: Vec<i64> =
            known.into_iter().filter(|it| is_gone(&it.0)).filter_map(|it| it.1.id).collect();
        tally.freed.extend(discard::files(&gone, conn)?);
        Ok(())
    }
}

fn rename(id: i64, file: &File, conn: &mut PgConnection) -> QueryResult<()> {
    diesel::update(attachments::table.find(id))
        .set((
            attachments::filename.eq(name::safe(&file.name)),
            attachments::description.eq(&file.description),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes a draft that was deleted in the source, unless people worked on it here.
fn delete_draft(
    row: &ImportedRow,
    tally: &mut Tally,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let Some(id) = row.id else { return Ok(()) };
    if is_worked_on(&ArticleRow::lock(id, conn)?, row) {
        tally.remarks.push(format!(
            "article {id}: its page was deleted there, and people worked on it here: it stays"
        ));
        return Ok(());
    }
    tally.freed.extend(discard::articles(&[id], conn)?);
    tally
        .remarks
        .push(format!("article {id}: its page was deleted there, and is gone here as well"));
    Ok(())
}
