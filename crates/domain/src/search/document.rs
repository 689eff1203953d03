//! What the index keeps of a ticket.

use std::collections::{BTreeMap, BTreeSet};

use crate::search::fold::composed;
use crate::search::lexeme::{lexemes, number_lexeme};
use crate::search::token::{PartKind, Token, tokens};

crate::string_enum! {
    /// Where in a ticket something stands, or that it stands in an article.
    SearchPlace {
        /// The subject: one line that names the problem.
        Subject = "subject",
        /// The description, the details, the product, and the numbers of the device and the customer.
        Description = "description",
        /// Comments that the customer reads.
        Comments = "comments",
        /// Internal notes.
        Notes = "notes",
        /// Names of files, and what stands in small text files.
        Files = "files",
        /// A published article.
        Articles = "articles",
    }
}

/// Positions beyond this are not told apart by PostgreSQL.
const LAST_POSITION: u16 = 16_383;

/// How often one lexeme is remembered.
const MAX_POSITIONS: usize = 64;

/// How far apart words of different texts stand, so that no phrase spans two.
const GAP: u16 = 8;

/// What is indexed of one text; a longer one is a dump that came as a description.
const MAX_TOKENS: usize = 20_000;

/// The same of a file.
const MAX_TOKENS_OF_FILE: usize = 300_000;

/// How much one document takes in the database, about; PostgreSQL takes a mebibyte and no more.
const MAX_BYTES: usize = 800_000;

/// A ticket, or what of it one kind of reader may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Each lexeme with the places where it stands.
    pub lexemes: BTreeMap<String, Vec<(u16, SearchPlace)>>,
    /// The words and names themselves, folded, for corrections and completions.
    pub words: BTreeSet<String>,
    position: u16,
    bytes: usize,
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
        let most = if place == SearchPlace::Files { MAX_TOKENS_OF_FILE } else { MAX_TOKENS };
        for token in tokens(&text).take(most) {
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
                    self.learn(place, &joined);
                }
                self.put(joined, self.position, place);
            }
            if part.kind == PartKind::Word || token.parts.len() == 1 {
                self.learn(place, &part.text);
            }
        }
    }

    /// Keeps a word for corrections and completions. The numbers and times of a log are none.
    fn learn(&mut self, place: SearchPlace, word: &str) {
        let is_of_log = place == SearchPlace::Files && !word.starts_with(char::is_alphabetic);
        if !is_of_log && !self.words.contains(word) && self.has_room(word.len()) {
            self.words.insert(word.to_owned());
        }
    }

    fn put(&mut self, lexeme: String, position: u16, place: SearchPlace) {
        let known = self.lexemes.get(&lexeme);
        // The first position of a place takes more: what is in files has lexemes of its own.
        let is_new = known.is_none_or(|it| it.last().is_none_or(|it| it.1 != place));
        let size = if is_new { lexeme.len() + 12 } else { 2 };
        let has_enough = known.is_some_and(|it| {
            it.len() >= MAX_POSITIONS && !is_new || it.last() == Some(&(position, place))
        });
        if !has_enough && self.has_room(size) {
            self.lexemes.entry(lexeme).or_default().push((position, place));
        }
    }

    const fn has_room(&mut self, size: usize) -> bool {
        let has_room = self.bytes + size <= MAX_BYTES;
        self.bytes += if has_room { size } else { 0 };
        has_room
    }
}
