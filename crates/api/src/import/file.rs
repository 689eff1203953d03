//! `import file DIR`: what another reader has written, one record a line, with the bytes of files beside them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use serde::de::DeserializeOwned;

use crate::db::Database;
use crate::import::check::{Checker, Records};
use crate::import::discard::{discard_all, remove};
use crate::import::format;
use crate::import::format::{Article, Source, Ticket, from_json};
use crate::import::options::FileOptions;
use crate::import::progress::Progress;
use crate::import::redmine::files::{Stored, store};
use crate::import::redmine::map::PrivateIssues;
use crate::import::report;
use crate::import::run::{numbers_left, reserve_numbers, sentence};
use crate::import::writer::articles::FetchedArticle;
use crate::import::writer::directory::import_directory;
use crate::import::writer::rows::{self, ImportRow};
use crate::import::writer::settle::settle;
use crate::import::writer::{Batch, FetchedTicket, Moment, Tally, Work, finished};
use crate::problem::Problem;
use crate::storage::Storage;

/// Tickets in one transaction.
const BATCH_SIZE: usize = 100;

/// What some editors begin a file with.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Runs the import with these options; returns the report.
/// Errors: one sentence with the cause; a wrong record is reported before anything is written.
pub fn import_file(
    options: &FileOptions,
    storage: &Storage,
    database: &Database,
) -> Result<String, String> {
    let folder = Folder { path: options.folder.clone() };
    let source = folder.source()?;
    if options.discard_import {
        return discard_all(source.system.trim(), database, storage);
    }
    let records = Records {
        source,
        people: folder.all("people")?,
        projects: folder.all("projects")?,
        releases: folder.all("releases")?,
    };
    let records = records.checked()?;
    let mut checker = Checker::new(&records);
    let highest = folder.check_tickets(&mut checker)?;
    let articles = folder.articles(&mut checker)?;
    let count = checker.count();
    let Records { source, people, projects, releases } = records;
    let sql = |it: diesel::result::Error| it.to_string();
    let mut conn = database.connect()?;
    if !rows::try_lock(&mut conn).map_err(sql)? {
        return Err("another import is running".to_owned());
    }
    let row = ImportRow::find(&source.system, &mut conn).map_err(sql)?;
    rows::refuse_other_system(&source.system, &mut conn)?;
    let shift = row.as_ref().map_or(options.options.shift, |it| it.shift);
    reserve_numbers(highest, shift, row.is_none(), &options.options, &mut conn)?;
    let places = conn.transaction(|conn| {
        ImportRow::record(&source, shift, conn)?;
        import_directory(&projects, &people, Moment::now(conn)?.now, conn)
    });
    let mut places = places.map_err(|it: Problem| sentence(&it))?;
    let mut tally = Tally { remarks: std::mem::take(&mut places.remarks), ..Tally::default() };
    let work = Work {
        system: source.system.clone(),
        shift,
        places,
        releases: releases.into_iter().map(|it| (it.id, it)).collect(),
        catalogue: source.products.iter().map(|it| it.to_lowercase()).collect(),
        private: PrivateIssues::SupportOnly,
    };
    let mut progress = Progress::new("tickets", count);
    let mut batch = Vec::with_capacity(BATCH_SIZE);
    let tickets = folder.lines::<Ticket>("tickets")?;
    let mut write = |batch: &mut Vec<Ticket>, tally: &mut Tally| {
        let tickets = std::mem::take(batch);
        progress.step(i64::try_from(tickets.len()).unwrap_or(0));
        let fetched = folder.with_files(tickets, storage, &mut conn)?;
        let batch = Batch { fetched, ..Batch::default() };
        work.write(&batch, database.history_key(), tally, &mut conn).map_err(|it| sentence(&it))
    };
    for ticket in tickets {
        batch.push(ticket?);
        if batch.len() == BATCH_SIZE {
            write(&mut batch, &mut tally)?;
        }
    }
    write(&mut batch, &mut tally)?;
    for some in articles.chunks(BATCH_SIZE) {
        let fetched = folder.articles_with_files(some, storage, &mut conn)?;
        let written = work.write_articles(&fetched, &[], &mut tally, &mut conn);
        written.map_err(|it| sentence(&it))?;
    }
    let across = conn.transaction(|conn| settle(&tally.written, shift, conn)).map_err(sql)?;
    remove(&tally.freed, storage)?;
    ImportRow::ended(&source.system, &mut conn).map_err(sql)?;
    finished(database.history_key(), &mut conn).map_err(|it| sentence(&it))?;
    report::ended(&tally, &across, numbers_left(highest + shift, &mut conn)?)
}

/// A folder in the documented form.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn source(&self) -> Result<Source, String> {
        let file = self.path.join("source.json");
        let message = |it: &dyn std::fmt::Display| format!("{}: {it}", file.display());
        let text = std::fs::read_to_string(&file).map_err(|it| message(&it))?;
        from_json(text.trim_start_matches(BYTE_ORDER_MARK)).map_err(|it| message(&it))
    }

    /// The records of one kind, read lazily. Errors name the file and the line.
    fn lines<T: DeserializeOwned>(
        &self,
        kind: &str,
    ) -> Result<impl Iterator<Item = Result<T, String>> + use<T>, String> {
        let path = self.path.join(format!("{kind}.ndjson"));
        let file = File::open(&path).map_err(|it| format!("{}: {it}", path.display()))?;
        let lines = BufReader::new(file).lines().enumerate();
        Ok(lines.filter_map(move |(place, line)| {
            let message = |it: &dyn std::fmt::Display| {
                format!("{}, line {}: {it}", path.display(), place + 1)
            };
            match line {
                Ok(line) if line.trim().is_empty() => None,
                Ok(line) => {
                    let text = line.trim_start_matches(BYTE_ORDER_MARK);
                    Some(from_json(text).map_err(|it| message(&in_its_line(&it))))
                }
                Err(it) => Some(Err(message(&it))),
            }
        }))
    }

    fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<T>, String> {
        self.lines(kind)?.collect()
    }

    fn file(&self, id: i64) -> PathBuf {
        self.path.join("files").join(id.to_string())
    }

    /// Reads every ticket before any is written; returns the highest number.
    fn check_tickets(&self, checker: &mut Checker<'_>) -> Result<i64, String> {
        let mut highest = 0;
        for ticket in self.lines::<Ticket>("tickets")? {
            let it = ticket?;
            let wrong = |what: String| format!("ticket {}: {what}", it.id);
            checker.ticket(&it).map_err(wrong)?;
            self.check_sizes(&it.files).map_err(wrong)?;
            highest = highest.max(it.id);
        }
        Ok(highest)
    }

    fn check_sizes(&self, files: &[format::File]) -> Result<(), String> {
        for file in files {
            let size = std::fs::metadata(self.file(file.id)).map(|it| it.len());
            if size.is_ok_and(|it| i64::try_from(it) != Ok(file.size)) {
                return Err(format!(
                    "file {} does not have the size that its record states",
                    file.id
                ));
            }
        }
        Ok(())
    }

    /// The articles, if there are any, checked before anything is written.
    fn articles(&self, checker: &mut Checker<'_>) -> Result<Vec<Article>, String> {
        if !self.path.join("articles.ndjson").exists() {
            return Ok(Vec::new());
        }
        let articles: Vec<Article> = self.all("articles")?;
        for it in &articles {
            let wrong = |what: String| format!("article {}: {what}", it.id);
            checker.article(it).map_err(wrong)?;
            self.check_sizes(&it.files).map_err(wrong)?;
        }
        Ok(articles)
    }

    /// Stores the files that are not here yet; a file that is missing from the folder gets no bytes.
    fn with_files(
        &self,
        tickets: Vec<Ticket>,
        storage: &Storage,
        conn: &mut PgConnection,
    ) -> Result<Vec<FetchedTicket>, String> {
        let files: Vec<&format::File> = tickets.iter().flat_map(|it| &it.files).collect();
        let mut stored = self.store_new(&files, storage, conn)?;
        let with_files = |ticket: Ticket| {
            let ids = ticket.files.iter().map(|it| it.id);
            FetchedTicket {
                files: ids.filter_map(|id| Some((id, stored.remove(&id)?))).collect(),
                ticket,
            }
        };
        Ok(tickets.into_iter().map(with_files).collect())
    }

    fn articles_with_files(
        &self,
        articles: &[Article],
        storage: &Storage,
        conn: &mut PgConnection,
    ) -> Result<Vec<FetchedArticle>, String> {
        let files: Vec<&format::File> = articles.iter().flat_map(|it| &it.files).collect();
        let mut stored = self.store_new(&files, storage, conn)?;
        let with_files = |article: &Article| {
            let ids = article.files.iter().map(|it| it.id);
            let files = ids.filter_map(|id| Some((id, stored.remove(&id)?))).collect();
            FetchedArticle { files, article: article.clone() }
        };
        Ok(articles.iter().map(with_files).collect())
    }

    fn store_new(
        &self,
        files: &[&format::File],
        storage: &Storage,
        conn: &mut PgConnection,
    ) -> Result<HashMap<i64, Option<Stored>>, String> {
        let ids: Vec<i64> = files.iter().map(|it| it.id).collect();
        let known = rows::known("file", &ids, conn).map_err(|it| it.to_string())?;
        let is_here = |id: i64| known.get(&id).is_some_and(|it| it.id.is_some());
        let new = ids.into_iter().filter(|it| !is_here(*it));
        new.map(|id| Ok((id, stored(&self.file(id), storage)?))).collect()
    }
}

/// What is wrong with a record that is a line of its own.
fn in_its_line(cause: &serde_json::Error) -> String {
    cause.to_string().replace(" at line 1 column ", ", column ")
}

fn stored(path: &Path, storage: &Storage) -> Result<Option<Stored>, String> {
    match File::open(path) {
        Ok(file) => store(file, storage).map(Some),
        Err(it) if it.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(it) => Err(format!("{}: {it}", path.display())),
    }
}
