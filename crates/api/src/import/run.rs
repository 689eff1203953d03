//! The command `import redmine`, from its settings to its report.

use std::collections::HashSet;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use diesel::prelude::*;

use crate::config::Secret;
use crate::db::Database;
use crate::import::counts::{Counts, highest, private_issues};
use crate::import::discard::{discard_all, remove};
use crate::import::format::Source;
use crate::import::options::{Options, RedmineOptions};
use crate::import::redmine::client::{Client, ClientOptions, Found};
use crate::import::redmine::directory::Directory;
use crate::import::redmine::issues::concurrently;
use crate::import::redmine::json::User;
use crate::import::redmine::lists;
use crate::import::redmine::map::{Map, PrivateIssues};
use crate::import::redmine::people;
use crate::import::report::Numbers;
use crate::import::walk::{Mode, Walk};
use crate::import::wiki::Wikis;
use crate::import::writer::directory::import_directory;
use crate::import::writer::rows::{self, ImportRow};
use crate::import::writer::settle::settle;
use crate::import::writer::{Batch, Moment, Tally, Work, finished};
use crate::import::{report, verify};
use crate::problem::Problem;
use crate::storage::Storage;

/// The name of the source system.
pub const SYSTEM: &str = "redmine";

/// How many batches are read ahead of the writer.
const READ_AHEAD: usize = 2;

/// Runs the import with these options; returns the report.
/// Errors: the sentence that says why it could not be done.
pub fn import_redmine(
    options: &RedmineOptions,
    key: Option<&Secret<String>>,
    storage: &Storage,
    database: &Database,
) -> Result<String, String> {
    let key = key.ok_or("HELPDESK_REDMINE_KEY is not set: an admin's key at the Redmine")?;
    let key = Secret::new(key.reveal().trim().to_owned());
    let seconds = |it: u32| Duration::from_secs(it.into());
    let client_options = ClientOptions {
        url: &options.url,
        rate: options.rate,
        timeout: seconds(options.timeout),
        patience: seconds(options.patience),
        ca: options.ca.as_deref(),
    };
    let client = Client::new(&client_options, key)?;
    let map = options.map.as_deref().map(Map::read).transpose()?;
    if let Some(file) = options.write_map.as_ref().filter(|it| it.exists()) {
        return Err(format!(
            "--write-map: {}: is there already, and stays as it is",
            file.display()
        ));
    }
    if options.discard_import {
        return discard_all(SYSTEM, database, storage);
    }
    log::info!("reading people, projects and lists of {}", client.shown());
    let mut directory = Directory::read(&client)?;
    if let Some(file) = &options.write_map {
        let counted = Counts::read(&client)?;
        let text = Map::proposed(&directory, &counted.product_names(&directory));
        std::fs::write(file, text)
            .map_err(|it| format!("--write-map: {}: {it}", file.display()))?;
        return Ok(format!(
            "{}: written; read it, correct it, and give it to --map",
            file.display()
        ));
    }
    let map = map.unwrap_or_default();
    directory.support = people::support(&directory, &map);
    if options.dry_run {
        let counted = Counts::read(&client)?;
        return Ok(report::dry_run(client.shown(), &counted, &directory, &map, options));
    }
    let gaps = map.gaps(&directory);
    if !gaps.is_empty() {
        return Err(format!(
            "the map is incomplete (--write-map makes one):\n  {}",
            gaps.join("\n  ")
        ));
    }
    let only = only(options, &directory)?;
    let directory = &mut directory;
    let run = Run { options, client: &client, directory, map: &map, only, storage, database };
    if options.verify { run.verify() } else { run.import() }
}

struct Run<'a> {
    options: &'a RedmineOptions,
    client: &'a Client,
    directory: &'a mut Directory,
    map: &'a Map,
    /// The numbers of the projects that are read; none: all.
    only: Option<HashSet<i64>>,
    storage: &'a Storage,
    database: &'a Database,
}

/// Reserves the ticket numbers: none of them may be in use, and new tickets continue after a gap.
pub fn reserve_numbers(
    highest: i64,
    shift: i64,
    is_first: bool,
    options: &Options,
    conn: &mut PgConnection,
) -> Result<(), String> {
    let sql = |it: diesel::result::Error| it.to_string();
    let taken = rows::own_ticket_up_to(highest + shift, conn).map_err(sql)?;
    if let Some(taken) = taken.filter(|it| *it > shift) {
        return Err(format!(
            "the number {taken} is a ticket of people here, and the Redmine counts up to {highest}: \
             --shift adds a number to each of its own (say {}), --reserve leaves it more room",
            (taken + highest) / 100_000 * 100_000 + 100_000
        ));
    }
    if is_first {
        let last = (highest + shift + options.reserve + 999) / 1000 * 1000;
        rows::reserve_up_to(last.max(1), conn).map_err(sql)?;
        log::info!("new tickets here are numbered after {last}; the Redmine may count up to there");
    }
    Ok(())
}

/// Up to which number the source may continue to count.
pub fn numbers_left(highest: i64, conn: &mut PgConnection) -> Result<Numbers, String> {
    let free = rows::free_up_to(highest, conn).map_err(|it| it.to_string())?;
    Ok(Numbers { highest, free })
}

pub fn sentence(problem: &Problem) -> String {
    problem.cause.as_deref().map_or_else(|| problem.to_string(), str::to_owned)
}

impl Run<'_> {
    fn import(self) -> Result<String, String> {
        let mut conn = self.database.connect()?;
        let sql = |it: diesel::result::Error| it.to_string();
        if !rows::try_lock(&mut conn).map_err(sql)? {
            return Err("another import is running".to_owned());
        }
        self.refuse_private()?;
        let highest = highest(self.client)?;
        let row = ImportRow::find(SYSTEM, &mut conn).map_err(sql)?;
        self.refuse_other(row.as_ref())?;
        rows::refuse_other_system(SYSTEM, &mut conn)?;
        let shift = row.as_ref().map_or(self.options.options.shift, |it| it.shift);
        reserve_numbers(highest, shift, row.is_none(), &self.options.options, &mut conn)?;
        let (work, mut tally) = self.prepare(shift, &mut conn)?;
        self.directory.support.clone_from(&work.places.support);
        let mode = self.mode(row.as_ref());
        log::info!("reading issues ({})", named(&mode));
        let only = self.only.as_ref();
        let is_thorough = matches!(mode, Mode::First { .. } | Mode::Sweep);
        let is_full = only.is_none() && (is_thorough || mode == Mode::Delta);
        let walk = Walk {
            client: self.client,
            directory: self.directory,
            map: self.map,
            storage: self.storage,
            mode,
            only,
        };
        self.walk_and_write(&walk, &work, &mut tally, &mut conn)?;
        tally.opened.retain(|it| !self.map.stay_open.contains(it));
        let wikis = Wikis { client: self.client, directory: self.directory, map: self.map, only };
        wikis.import_directory(is_thorough, self.storage, &work, &mut tally, &mut conn)?;
        let across = conn.transaction(|conn| settle(&tally.written, shift, conn)).map_err(sql)?;
        self.free(&tally)?;
        if is_full {
            ImportRow::ended(SYSTEM, &mut conn).map_err(sql)?;
        }
        finished(self.database.history_key(), &mut conn).map_err(|it| sentence(&it))?;
        let numbers = numbers_left(highest + shift, &mut conn)?;
        report::ended(&tally, &across, numbers)
    }

    fn verify(self) -> Result<String, String> {
        let mut conn = self.database.connect()?;
        let row = ImportRow::find(SYSTEM, &mut conn).map_err(|it| it.to_string())?;
        let Some(row) = row else { return Err("nothing has been imported yet".to_owned()) };
        self.refuse_other(Some(&row))?;
        let work = verify::work(self.directory, self.map, row.shift, &mut conn)
            .map_err(|it| sentence(&it))?;
        self.directory.support.clone_from(&work.places.support);
        let only = self.only.as_ref();
        verify::verify(self.client, self.directory, self.map, &work, only, &mut conn)
    }

    /// If the map says that private issues stop the import, this happens before anything is written.
    fn refuse_private(&self) -> Result<(), String> {
        let count = private_issues(self.client)?;
        if self.map.private_issues == PrivateIssues::Stop && count > 0 {
            return Err(format!(
                "{count} issues are private: private_issues = \"support_only\" or \"skip\" in the map says \
                 what becomes of them"
            ));
        }
        Ok(())
    }

    /// Refuses another Redmine, whose numbers would collide.
    fn refuse_other(&self, row: Option<&ImportRow>) -> Result<(), String> {
        let known = row.map(|it| it.lists["marker"].clone()).filter(|it| !it.is_null());
        match known {
            Some(known) if known != self.marker() => Err(format!(
                "what was imported came from another Redmine ({}); --discard-import throws it away",
                row.map(|it| it.address.as_str()).unwrap_or_default()
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Identifies a Redmine even at another address: the creation time of its first admin.
    fn marker(&self) -> serde_json::Value {
        let first = self.directory.users.iter().min_by_key(|it| it.id);
        serde_json::json!(first.map(|it| it.created_on))
    }

    fn prepare(&self, shift: i64, conn: &mut PgConnection) -> Result<(Work, Tally), String> {
        let (mut people, mut remarks) = people::people(self.directory, self.map);
        if self.options.keep_keys {
            let active: Vec<i64> =
                people.iter().filter(|it| it.is_active).map(|it| it.id).collect();
            let keys = concurrently(&active, |id| key_of(self.client, *id))?;
            for (id, key) in active.into_iter().zip(keys) {
                if let Some(person) = people.iter_mut().find(|it| it.id == id) {
                    person.key = key;
                }
            }
        }
        let projects = people::projects(self.directory, self.map, &people);
        remarks.extend(report::unmapped_places(self.directory, self.map));
        let mut lists = self.directory.lists.clone();
        lists.insert("marker".to_owned(), self.marker());
        lists.insert("projects".to_owned(), lists::projects(self.directory, self.map));
        lists.insert("versions".to_owned(), lists::versions(self.directory));
        lists.insert("categories".to_owned(), lists::categories(self.directory));
        lists.insert("map".to_owned(), lists::words(self.directory, self.map));
        let source = Source {
            system: SYSTEM.to_owned(),
            address: self.client.shown().to_owned(),
            lists,
            products: self.map.products.clone(),
        };
        let places = conn.transaction(|conn| {
            ImportRow::record(&source, shift, conn)?;
            let moment = Moment::now(conn)?;
            import_directory(&projects, &people, moment.now, conn)
        });
        let mut places = places.map_err(|it: Problem| sentence(&it))?;
        remarks.append(&mut places.remarks);
        let releases = people::releases(self.directory).into_iter().map(|it| (it.id, it)).collect();
        let catalogue = self.map.products.iter().map(|it| it.to_lowercase()).collect();
        let system = SYSTEM.to_owned();
        let work =
            Work { system, shift, places, releases, catalogue, private: self.map.private_issues };
        Ok((work, Tally { remarks, ..Tally::default() }))
    }

    fn mode(&self, row: Option<&ImportRow>) -> Mode {
        match (self.options.since, row) {
            (Some(at), _) => Mode::Since(at),
            (None, _) if self.options.sweep => Mode::Sweep,
            (None, Some(row)) if row.is_whole || self.options.delta => Mode::Delta,
            (None, Some(row)) => Mode::First { from: row.walked_to },
            (None, None) => Mode::First { from: 0 },
        }
    }

    /// Reads on one thread and writes on another.
    fn walk_and_write(
        &self,
        walk: &Walk<'_>,
        work: &Work,
        tally: &mut Tally,
        conn: &mut PgConnection,
    ) -> Result<(), String> {
        let mut reader = self.database.connect()?;
        let (to, from) = sync_channel::<Batch>(READ_AHEAD);
        std::thread::scope(|threads| {
            let reading = threads.spawn(move || walk.run(&to, &mut reader));
            let mut written = Ok(());
            for batch in from {
                written = work
                    .write(&batch, self.database.history_key(), tally, conn)
                    .map_err(|it| sentence(&it));
                if written.is_err() {
                    break;
                }
            }
            // The reader notices at its next batch that the writer has ended.
            let read = reading.join().unwrap_or_else(|_| Err("the reading failed".to_owned()));
            written.and(read)
        })
    }

    /// Deletes the bytes that no row refers to any more.
    fn free(&self, tally: &Tally) -> Result<(), String> {
        remove(&tally.freed, self.storage)
    }
}

/// The numbers of the projects that `--only` names.
/// Errors: the sentence that names one that is not there.
fn only(options: &RedmineOptions, directory: &Directory) -> Result<Option<HashSet<i64>>, String> {
    let names = options.only.iter().map(|it| it.trim()).filter(|it| !it.is_empty());
    let ids = names.map(|name| {
        let found = directory.projects.iter().find(|it| it.identifier == name);
        found.map(|it| it.id).ok_or_else(|| format!("--only: there is no project {name}"))
    });
    let ids: HashSet<i64> = ids.collect::<Result<_, _>>()?;
    Ok(Some(ids).filter(|it| !it.is_empty()))
}

fn key_of(client: &Client, id: i64) -> Result<Option<String>, String> {
    #[derive(serde::Deserialize)]
    struct One {
        user: User,
    }
    let found: Found<One> = client.json(&format!("/users/{id}.json"), &[])?;
    Ok(found.into_option().and_then(|it| it.user.api_key))
}

fn named(mode: &Mode) -> String {
    match mode {
        Mode::First { from: 0 } => "all of them".to_owned(),
        Mode::First { from } => format!("on from {from}"),
        Mode::Delta => "what lists show to have changed".to_owned(),
        Mode::Sweep => "each of them again".to_owned(),
        Mode::Since(at) => format!("what was changed since {at}"),
    }
}
