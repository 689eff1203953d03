//! One ticket on both sides.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::Actor;
use domain::ticket::{Change, Context, Ticket};

use crate::import::format;
use crate::import::redmine::files::tag;
use crate::import::store::{self, CommentValues, FileRow};
use crate::import::verify::Findings;
use crate::import::writer::rows::{self, ImportedRow};
use crate::import::writer::ticket::content_hash;
use crate::import::writer::{Moment, Work};
use crate::problem::Problem;
use crate::tickets::people::link::is_linked;
use crate::tickets::store::imported;
use crate::uploads::name;

/// A ticket of the source and its imported counterpart.
pub struct Pair<'a> {
    pub it: &'a format::Ticket,
    pub here: &'a Ticket,
    pub row: &'a ImportedRow,
}

impl Pair<'_> {
    /// Compares fields, texts, people, links and stored extras.
    pub fn compare(
        &self,
        work: &Work,
        moment: &Moment,
        found: &mut Findings,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let (it, here) = (self.it, self.here);
        let mut differs =
            |what: &str| found.differences.push(format!("ticket {}: {what}", here.id));
        if self.row.content_hash.as_deref() != Some(&content_hash(it)) {
            differs("it has changed there since it came over");
        }
        let Some(project) = work.places.projects.get(&it.project) else {
            differs("its project is not here");
            return Ok(());
        };
        let place = if it.is_private { project.private } else { Some(project.place) };
        let Some(place) = place else { return Ok(()) };
        let same_company = |id: i64, conn: &mut PgConnection| {
            Ok::<_, Problem>(
                imported::present(&[id], conn)?.first().is_some_and(|it| it.1 == here.company_id),
            )
        };
        let parent = match it.parent.map(|it| it + work.shift) {
            Some(id) if same_company(id, conn)? => Some(id),
            Some(_) | None => None,
        };
        let import = work.import(it, place, parent, moment, conn)?;
        let context =
            Context { actor: Actor::System, user_id: None, now: moment.now, rules: &moment.rules };
        let there = Ticket::imported(import, &context);
        for change in Change::between(here, &there) {
            if !matches!(change.field(), "review_on" | "release_planned_on") {
                differs(&format!("{} differs", change.field()));
            }
        }
        let times = |it: &Ticket| {
            (
                it.times.created_at,
                it.times.updated_at,
                it.times.closed_at,
                it.feedback.since,
                it.company_id,
            )
        };
        if times(here) != times(&there) {
            differs("its times differ");
        }
        if store::watchers(here.id, conn)? != work.watchers(it) {
            differs("its watchers differ");
        }
        for relation in &it.relations {
            let other = relation.other + work.shift;
            if same_company(other, conn)? && !is_linked(here.id, other, conn)? {
                differs(&format!("the link to {other} is missing"));
            }
        }
        let stored = serde_json::from_value::<Vec<format::Field>>(self.row.about["fields"].clone());
        if stored.ok().as_ref() != Some(&it.fields) {
            differs("what is kept of its fields differs");
        }
        Ok(())
    }

    pub fn compare_notes(
        &self,
        work: &Work,
        found: &mut Findings,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let notes: Vec<_> =
            self.it.entries.iter().filter_map(|it| Some((it, it.note.as_ref()?))).collect();
        let ids: Vec<i64> = notes.iter().map(|it| it.0.id).collect();
        let known = rows::known("note", &ids, conn)?;
        let here: HashMap<i64, CommentValues> =
            store::comments(self.here.id, conn)?.into_iter().collect();
        if here.len() != notes.len() {
            found.differences.push(format!(
                "ticket {}: {} notes there, {} here",
                self.here.id,
                notes.len(),
                here.len()
            ));
        }
        for (entry, note) in notes {
            let row = known.get(&entry.id).and_then(|it| it.id).and_then(|id| here.get(&id));
            let wanted =
                (Some(work.person(entry.author)?), note.is_internal, note.text.clone(), entry.at);
            if row != Some(&wanted) {
                found
                    .differences
                    .push(format!("ticket {}: note №{} differs", self.here.id, entry.id));
            }
        }
        Ok(())
    }

    /// Compares names, descriptions, sizes and comments; returns the files whose bytes have to be compared.
    pub fn compare_files(
        &self,
        found: &mut Findings,
        conn: &mut PgConnection,
    ) -> Result<Vec<(i64, i64, String)>, Problem> {
        let ids: Vec<i64> = self.it.files.iter().map(|it| it.id).collect();
        let known = rows::known("file", &ids, conn)?;
        let rows = store::files(self.here.id, conn)?;
        let here: HashMap<i64, &FileRow> = rows.iter().map(|it| (it.id, it)).collect();
        let mut to_check = Vec::new();
        let mut count = 0;
        for file in &self.it.files {
            let row = known.get(&file.id);
            if row.is_some_and(|it| it.id.is_none() && it.about["lost"] == true) {
                found.lost += 1;
                continue;
            }
            count += 1;
            if row.is_some_and(|it| it.id.is_some() && it.about["recorded_size"] == file.size) {
                found.damaged += 1;
                continue;
            }
            let row = row.and_then(|it| it.id).and_then(|id| here.get(&id));
            let is_same = row.is_some_and(|it| {
                it.filename == name::safe(&file.name)
                    && it.description == file.description
                    && it.size == file.size
                    && it.is_internal == file.is_internal
            });
            match row {
                Some(it) if is_same => to_check.push((file.id, it.id, tag(&it.sha256))),
                Some(_) | None => found.differences.push(format!(
                    "ticket {}: file «{}» (№{}) differs",
                    self.here.id, file.name, file.id
                )),
            }
        }
        if rows.len() != count {
            found.differences.push(format!(
                "ticket {}: {count} files there, {} here",
                self.here.id,
                rows.len()
            ));
        }
        Ok(to_check)
    }
}
