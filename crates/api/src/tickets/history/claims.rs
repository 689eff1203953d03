//! Compares what the events of a ticket say about texts with the texts as stored now.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use domain::ticket::Change;

use crate::events::chain::{BrokenLink, Link};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::stored_texts;
use crate::events::text_hash::{Match, StoredText};
use crate::problem::Problem;
use crate::tickets::comments::stored::stored_versions;

/// A text that events refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    /// A version of a comment.
    Comment(i64, i32),
    /// A long text of the ticket.
    Text(i64),
}

/// An event says that a text has this hash.
struct Claim {
    event: BrokenLink,
    is_internal: bool,
    subject: Subject,
    hash: String,
}

/// What has been found about the texts so far.
#[derive(Default)]
pub struct Claims {
    /// Blank texts, with the events that refer to them.
    blank: Vec<Claim>,
    /// The comments and texts that were redacted according to an event, and the position of
    /// the last such event.
    redacted: HashMap<Subject, i64>,
    broken: Option<BrokenLink>,
    /// How many events happened in another system, internal ones or not.
    imported: (i64, i64),
}

impl Claims {
    /// Checks the texts that a batch of events refers to.
    pub fn follow(
        &mut self,
        ticket_id: i64,
        links: &[Link],
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        let mut claims = Vec::new();
        for link in links {
            let body: Body = serde_json::from_str(&link.body).map_err(Problem::unexpected)?;
            if link.type_ == EventType::Redacted.as_str() {
                self.record_redaction(link.seq.unwrap_or(0), &body);
            }
            if body.is_imported {
                let of = if link.is_internal { &mut self.imported.0 } else { &mut self.imported.1 };
                *of += 1;
            }
            let event = BrokenLink { seq: link.seq.unwrap_or(0), id: Some(link.id) };
            claims.extend(subjects(&body).into_iter().map(|(subject, hash)| Claim {
                event: event.clone(),
                is_internal: link.is_internal
                    || body.comment_is_internal && matches!(subject, Subject::Comment(..)),
                subject,
                hash,
            }));
        }
        let stored = load(ticket_id, &claims, conn)?;
        for claim in claims {
            match stored.get(&claim.subject).map_or(Match::Other, |it| it.compare(&claim.hash)) {
                Match::Same => {}
                Match::Blank => self.blank.push(claim),
                Match::Other => self.broken = self.broken.take().or(Some(claim.event)),
            }
        }
        Ok(())
    }

    /// How many of the events that somebody can read happened in another system.
    pub const fn imported(&self, reads_internal: bool) -> i64 {
        let (internal, public) = self.imported;
        if reads_internal { internal + public } else { public }
    }

    /// How many events refer to a redacted text; for a customer, among those that they can read.
    /// Errors: the first event whose text is not what was written, though no event says that it was redacted.
    pub fn finish(self, reads_internal: bool) -> Result<i64, BrokenLink> {
        let is_recorded = |claim: &Claim| {
            let subject = match claim.subject {
                Subject::Comment(id, _) => Subject::Comment(id, 0),
                Subject::Text(id) => Subject::Text(id),
            };
            self.redacted.get(&subject).is_some_and(|seq| *seq > claim.event.seq)
        };
        let unrecorded = self.blank.iter().find(|it| !is_recorded(it)).map(|it| it.event.clone());
        let broken = self.broken.into_iter().chain(unrecorded).min_by_key(|it| it.seq);
        let visible = self.blank.iter().filter(|it| reads_internal || !it.is_internal);
        let events: HashSet<i64> = visible.map(|it| it.event.seq).collect();
        match broken {
            Some(broken) => Err(broken),
            None => Ok(i64::try_from(events.len()).unwrap_or(i64::MAX)),
        }
    }

    fn record_redaction(&mut self, seq: i64, body: &Body) {
        // A redaction covers all versions that a comment had by then.
        let comment = body.comment_id.map(|id| Subject::Comment(id, 0));
        let texts = body.redacted_texts.iter().map(|id| Subject::Text(*id));
        self.redacted.extend(comment.into_iter().chain(texts).map(|it| (it, seq)));
    }
}

/// The texts that an event refers to, with their hashes.
fn subjects(body: &Body) -> Vec<(Subject, String)> {
    let comment = body.comment_id.zip(body.comment_hash.clone());
    let version = body.comment_version.unwrap_or(1);
    let comment = comment.map(|(id, hash)| (Subject::Comment(id, version), hash));
    let text = |id: Option<i64>, hash: &Option<String>| {
        id.zip(hash.clone()).map(|(id, hash)| (Subject::Text(id), hash))
    };
    let refs = body.changes.0.iter().filter_map(Change::text);
    let texts = refs.flat_map(|it| {
        [text(it.from_text, &it.from_hash), text(it.to_text, &it.to_hash)].into_iter().flatten()
    });
    comment.into_iter().chain(texts).collect()
}

fn load(
    ticket_id: i64,
    claims: &[Claim],
    conn: &mut PgConnection,
) -> QueryResult<HashMap<Subject, StoredText>> {
    let (mut comments, mut texts) = (Vec::new(), Vec::new());
    for claim in claims {
        match claim.subject {
            Subject::Comment(id, _) => comments.push(id),
            Subject::Text(id) => texts.push(id),
        }
    }
    let mut stored = HashMap::new();
    if !comments.is_empty() {
        let found = stored_versions(ticket_id, &comments, conn)?;
        stored.extend(found.into_iter().map(|(id, no, it)| (Subject::Comment(id, no), it)));
    }
    if !texts.is_empty() {
        let found = stored_texts(ticket_id, &texts, conn)?;
        stored.extend(found.into_iter().map(|(id, it)| (Subject::Text(id), it)));
    }
    Ok(stored)
}
