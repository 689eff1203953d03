//! The chain of a ticket's events: each is hashed together with the one before it, so that what was changed,
//! removed or added behind the service's back does not fit.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::{Head, Ticket};
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::hmac_key::HmacKey;
use crate::db::schema::{events, tickets};

/// A ticket as the end of its chain.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = tickets)]
pub struct ChainEnd {
    #[diesel(column_name = id)]
    pub ticket_id: i64,
    pub company_id: i64,
    pub head_seq: i64,
    pub head_hash: Vec<u8>,
}

impl From<&Ticket> for ChainEnd {
    fn from(ticket: &Ticket) -> Self {
        let Head { seq, hash } = ticket.head.clone();
        Self { ticket_id: ticket.id, company_id: ticket.company_id, head_seq: seq, head_hash: hash }
    }
}

/// What the hash of an event covers besides its place.
#[derive(Debug, Clone, Copy)]
pub struct Covered<'a> {
    pub kind: &'a str,
    /// Milliseconds count.
    pub at: DateTime<Utc>,
    pub actor_id: Option<i64>,
    pub is_internal: bool,
    /// The JSON text as it is stored.
    pub body: &'a str,
}

impl ChainEnd {
    /// Before the first event.
    const fn start(ticket_id: i64, company_id: i64) -> Self {
        Self { ticket_id, company_id, head_seq: 0, head_hash: Vec::new() }
    }

    /// Appends the next event; returns its hash.
    pub fn append(&mut self, event: Covered<'_>, key: &HmacKey) -> Vec<u8> {
        let (ticket, seq, head) = (self.ticket_id, self.head_seq + 1, hex(&self.head_hash));
        let Covered { kind, is_internal, body, .. } = event;
        let at = event.at.timestamp_millis();
        let actor = event.actor_id.map_or_else(String::new, |it| it.to_string());
        // Only the last field can contain a line break, so no two events produce the same message.
        let hash = key.mac(&format!(
            "event\n{head}\n{ticket}\n{seq}\n{kind}\n{at}\n{actor}\n{is_internal}\n{body}"
        ));
        self.head_hash = key.mac(&format!("head\n{ticket}\n{seq}\n{}", hex(&hash)));
        self.head_seq = seq;
        hash
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// An event as a link of its ticket's chain.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = events)]
pub struct Link {
    /// Its number among all events.
    pub id: i64,
    /// Whose ticket it is.
    pub company_id: Option<i64>,
    /// Its place in the chain.
    pub seq: Option<i64>,
    pub type_: String,
    pub at: DateTime<Utc>,
    pub actor_id: Option<i64>,
    /// Whether only staff may see it.
    pub is_internal: bool,
    /// What changed, as it was written.
    pub body: String,
    /// The hash it was written with.
    pub hash: Option<Vec<u8>>,
}

impl Link {
    fn covered(&self) -> Covered<'_> {
        Covered {
            kind: &self.type_,
            at: self.at,
            actor_id: self.actor_id,
            is_internal: self.is_internal,
            body: &self.body,
        }
    }
}

/// The first place at which a hash chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrokenLink {
    /// The position in the ticket's history, starting at 1.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// The event that differs from what was written; null if it is missing.
    pub id: Option<i64>,
}

/// A walk along a chain that remembers the last link.
pub struct Walk {
    key: HmacKey,
    so_far: ChainEnd,
    id: i64,
}

impl Walk {
    /// Before the first link of the chain that ends there.
    pub const fn new(key: HmacKey, end: &ChainEnd) -> Self {
        Self { key, so_far: ChainEnd::start(end.ticket_id, end.company_id), id: 0 }
    }

    /// Whose chain it is.
    pub const fn ticket_id(&self) -> i64 {
        self.so_far.ticket_id
    }

    /// The place of the last link that was followed.
    pub const fn seq(&self) -> i64 {
        self.so_far.head_seq
    }

    /// Goes on to the next link.
    /// Errors: the place, if the link is not what was written there.
    pub fn follow(&mut self, link: &Link) -> Result<(), BrokenLink> {
        let seq = self.seq() + 1;
        if link.seq != Some(seq) {
            return Err(BrokenLink { seq, id: None });
        }
        let hash = self.so_far.append(link.covered(), &self.key);
        let is_in_place = link.id > self.id && link.company_id == Some(self.so_far.company_id);
        if !is_in_place || link.hash.as_ref() != Some(&hash) {
            return Err(BrokenLink { seq, id: Some(link.id) });
        }
        self.id = link.id;
        Ok(())
    }

    /// Ends the walk where the ticket says that its chain ends. Every ticket has at least
    /// one event: its filing.
    /// Errors: the place, if the chain continues, or ends too early.
    pub fn finish(&self, end: &ChainEnd) -> Result<(), BrokenLink> {
        let is_there = self.seq() > 0 && self.seq() == end.head_seq;
        if is_there && self.so_far.head_hash == end.head_hash {
            Ok(())
        } else {
            Err(BrokenLink { seq: self.seq() + 1, id: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(key: &HmacKey, bodies: &[&str]) -> (Vec<Link>, ChainEnd) {
        let mut end = ChainEnd::start(7, 3);
        let links = bodies.iter().zip(1..).map(|(body, seq)| {
            let mut link = Link {
                id: 10 * seq,
                company_id: Some(3),
                seq: Some(seq),
                type_: "ticket.edited".to_owned(),
                at: DateTime::UNIX_EPOCH,
                actor_id: None,
                is_internal: false,
                body: (*body).to_owned(),
                hash: None,
            };
            link.hash = Some(end.append(link.covered(), key));
            link
        });
        let links = links.collect();
        (links, end)
    }

    fn walk(key: &HmacKey, links: &[Link], end: &ChainEnd) -> Result<(), BrokenLink> {
        let mut walk = Walk::new(key.clone(), end);
        links.iter().try_for_each(|it| walk.follow(it))?;
        walk.finish(end)
    }

    /// A chain can be followed as it was appended, only with the same key, and with nothing
    /// exchanged or left out.
    #[test]
    fn a_chain_is_followed_as_it_was_appended() {
        let key = HmacKey::new(b"key");
        let (links, end) = links(&key, &["{}", "{\"changes\":{}}", "{}"]);
        let broken = |seq, id| Err(BrokenLink { seq, id });

        assert_eq!(walk(&key, &links, &end), Ok(()));
        assert_eq!(walk(&HmacKey::new(b"other"), &links, &end), broken(1, Some(10)));
        assert_eq!(walk(&key, &links[..2], &end), broken(3, None));
        let mut swapped = links.clone();
        swapped[2].body.clone_from(&links[1].body);
        assert_eq!(walk(&key, &swapped, &end), broken(3, Some(30)));
    }
}
