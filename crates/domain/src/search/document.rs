//! What the index keeps of a ticket.

use std::collections::{BTreeMap, BTreeSet};

use crate::search::fold::composed;
use crate::search::lexeme::{lexemes, number_lexeme};
use crate::search::token::{PartKind, Token, tokens};

crate::string_enum! {
    /// Where in a ticket something stands.
    SearchPlace {
        /// The subject: one line that names the problem.
        Subject = "subject",
        /// The description, the details, the product, and the numbers of the device and the customer.
        Description = "description",
        /// Comments that the customer reads.
        Comments = "comments",
        /// Internal notes.
        Notes = "notes",
        /// Names of files.
        Files = "files",
    }
}

/// Positions beyond this are not told apart by PostgreSQL.
const LAST_POSITION: u16 = 16_383;

/// How often one lexeme is remembered.
const MOST_POSITIONS: usize = 64;

/// How far apart words of different texts stand, so that no phrase spans two.
const GAP: u16 = 8;

/// What is indexed of one text; a longer one is a dump that came as a description.
const MOST_TOKENS: usize = 20_000;

/// A ticket, or what of it one kind of reader may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Each lexeme with the places where it stands.
    pub lexemes: BTreeMap<String, Vec<(u16, SearchPlace)>>,
    /// The words and names themselves, folded, for corrections and completions.
    pub words: BTreeSet<String>,
    position: u16,
}

impl Document {
    /// A ticket of which nothing is known but its number.
    pub fn of_ticket(number: i64) -> Self {
        let mut document = Self::default();
        document.put(number_lexeme(number), 1, SearchPlace::Subject);
        document.position = GAP;
        document
    }

    /// Adds a text of the ticket.
    pub fn add(&mut self, place: SearchPlace, text: &str) {
        let text = composed(text);
        for token in tokens(&text).take(MOST_TOKENS) {
            self.add_token(place, &token);
        }
        self.position = self.position.saturating_add(GAP).min(LAST_POSITION);
    }

    fn add_token(&mut self, place: SearchPlace, token: &Token) {
        let is_name = token.is_name();
        for (index, part) in token.parts.iter().enumerate() {
            self.position = self.position.saturating_add(1).min(LAST_POSITION);
            for lexeme in lexemes(part) {
                self.put(lexeme, self.position, place);
            }
            let is_joined = index + 1 < token.parts.len() && (is_name || index == 0);
            if is_joined {
                let joined = token.joined(index);
                if is_name && index == 0 {
                    self.words.insert(joined.clone());
                }
                self.put(joined, self.position, place);
            }
            if part.kind == PartKind::Word || token.parts.len() == 1 {
                self.words.insert(part.text.clone());
            }
        }
    }

    fn put(&mut self, lexeme: String, position: u16, place: SearchPlace) {
        let places = self.lexemes.entry(lexeme).or_default();
        if places.len() < MOST_POSITIONS && places.last() != Some(&(position, place)) {
            places.push((position, place));
        }
    }
}
