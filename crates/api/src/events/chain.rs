//! The chain of a ticket's events, walked from its beginning: what was changed, cut out or added
//! past the service does not fit.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::hmac_key::HmacKey;
use crate::db::schema::{events, tickets};

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
    /// Whether staff alone may know of it.
    pub is_internal: bool,
    /// What changed, as it was written.
    pub body: String,
    /// The hash it was written with.
    pub hash: Option<Vec<u8>>,
}

/// A ticket as the end of its chain.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = tickets)]
pub struct Head {
    pub id: i64,
    pub company_id: i64,
    /// How many events it has.
    pub head_seq: i64,
    /// The seal over the last of them.
    pub head_hash: Vec<u8>,
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrokenLink {
    /// The place in the ticket's history, from 1.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// The event that is not what was written there; null where there is none.
    #[schema(required = true)]
    pub id: Option<i64>,
}

/// Somebody who follows a chain, and remembers the last link.
pub struct Walk<'a> {
    key: &'a HmacKey,
    head: &'a Head,
    seq: i64,
    id: i64,
    seal: Vec<u8>,
}

impl<'a> Walk<'a> {
    /// Before the first link.
    pub const fn new(key: &'a HmacKey, head: &'a Head) -> Self {
        Self { key, head, seq: 0, id: 0, seal: Vec::new() }
    }

    /// The place of the last link that was followed.
    pub const fn seq(&self) -> i64 {
        self.seq
    }

    /// Goes on to the next link.
    ///
    /// # Errors
    /// The place, where the link is not what was written there.
    pub fn follow(&mut self, link: &Link) -> Result<(), BrokenLink> {
        let seq = self.seq + 1;
        if link.seq != Some(seq) {
            return Err(BrokenLink { seq, id: None });
        }
        let hash = self.key.mac(&self.message(seq, link));
        let is_in_place = link.id > self.id && link.company_id == Some(self.head.company_id);
        if !is_in_place || link.hash.as_ref() != Some(&hash) {
            return Err(BrokenLink { seq, id: Some(link.id) });
        }
        (self.seq, self.id) = (seq, link.id);
        self.seal = self.key.mac(&format!("head\n{}\n{seq}\n{}", self.head.id, hex(&hash)));
        Ok(())
    }

    /// Ends the walk where the ticket says that its chain ends. No ticket is without an event: its
    /// filing is one.
    ///
    /// # Errors
    /// The place, where the chain goes on, or should.
    pub fn arrive(self) -> Result<(), BrokenLink> {
        let is_there = self.seq > 0 && self.seq == self.head.head_seq;
        if is_there && self.head.head_hash == self.seal {
            Ok(())
        } else {
            Err(BrokenLink { seq: self.seq + 1, id: None })
        }
    }

    /// What the hash of a link is over; the same stands in `write.sql`.
    fn message(&self, seq: i64, link: &Link) -> String {
        let (seal, ticket, kind) = (hex(&self.seal), self.head.id, &link.type_);
        let at = link.at.timestamp_millis();
        let actor = link.actor_id.map_or_else(String::new, |it| it.to_string());
        let (is_internal, body) = (link.is_internal, &link.body);
        format!("event\n{seal}\n{ticket}\n{seq}\n{kind}\n{at}\n{actor}\n{is_internal}\n{body}")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
