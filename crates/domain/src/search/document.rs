//! What the index stores of a ticket.

use std::collections::{BTreeMap, BTreeSet};

use crate::search::fold::composed;
use crate::search::lexeme::{lexemes, number_lexeme};
use crate::search::token::{PartKind, Token, tokens};

crate::string_enum! {
    /// The part of a ticket in which something was found, or that it was found in an article.
    SearchPlace {
        /// The subject: one line that names the problem.
        Subject = "subject",
        /// The description, the details, the product, and the numbers of the device and the customer.
        Description = "description",
        /// Comments that the customer reads.
        Comments = "comments",
        /// Internal notes.
        Notes = "notes",
        /// The names of files, and the text of small text files.
        Files = "files",
        /// A published article.
        Articles = "articles",
    }
}

/// PostgreSQL does not distinguish positions beyond this.
const LAST_POSITION: u16 = 16_383;

/// The maximum number of stored positions of one lexeme.
const MAX_POSITIONS: usize = 64;

/// The gap between words of different texts, so that no phrase spans two of them.
const GAP: u16 = 8;

/// The maximum number of indexed tokens of one text; anything longer is a dump pasted as a description.
const MAX_TOKENS: usize = 20_000;

/// The same for a file.
const MAX_TOKENS_OF_FILE: usize = 300_000;

/// The approximate maximum size of a document in the database; PostgreSQL accepts at most a mebibyte.
const MAX_BYTES: usize = 800_000;

/// A ticket, or the part of it that one kind of reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Each lexeme with its positions.
    pub lexemes: BTreeMap<String, Vec<(u16, SearchPlace)>>,
    /// The words and names themselves, folded, for corrections and completions.
    pub words: BTreeSet<String>,
    position: u16,
    bytes: usize,
}

impl Document {
    /// A ticket of which only the number is known.
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

    /// Remembers a word for corrections and completions, except for the numbers and times of logs.
    fn learn(&mut self, place: SearchPlace, word: &str) {
        let is_of_log = place == SearchPlace::Files && !word.starts_with(char::is_alphabetic);
        if !is_of_log && !self.words.contains(word) && self.has_room(word.len()) {
            self.words.insert(word.to_owned());
        }
    }

    fn put(&mut self, lexeme: String, position: u16, place: SearchPlace) {
        let known = self.lexemes.get(&lexeme);
        // Text in files has lexemes of its own.
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
