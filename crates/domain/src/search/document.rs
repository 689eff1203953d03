//! What the index stores of a ticket.

use std::collections::BTreeMap;

use crate::search::fold::composed;
use crate::search::lexeme::number_lexeme;
use crate::search::piece::{Spelled, pieces};

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
    /// The words and names themselves, folded, for corrections and completions; some with their spelling.
    pub words: BTreeMap<String, Option<String>>,
    position: u16,
    bytes: usize,
}

impl Document {
    /// A ticket of which only the number is known.
    pub fn of_ticket(number: i64) -> Self {
        let mut document = Self::default();
        document.add_lexeme(&number_lexeme(number), 1, SearchPlace::Subject);
        document.position = GAP;
        document
    }

    /// Adds a text of the ticket.
    pub fn add(&mut self, place: SearchPlace, text: &str) {
        let text = composed(text);
        let most = if place == SearchPlace::Files { MAX_TOKENS_OF_FILE } else { MAX_TOKENS };
        for piece in pieces(&text, most).iter().flat_map(|it| it.iter()) {
            self.position = self.position.saturating_add(1).min(LAST_POSITION);
            for lexeme in &piece.lexemes {
                self.add_lexeme(lexeme, self.position, place);
            }
            for word in &piece.words {
                self.remember(place, word);
            }
        }
        self.position = self.position.saturating_add(GAP).min(LAST_POSITION);
    }

    /// Remembers a word for corrections and completions, except for the numbers and times of logs.
    fn remember(&mut self, place: SearchPlace, word: &Spelled) {
        let is_of_log = place == SearchPlace::Files && !word.text.starts_with(char::is_alphabetic);
        let is_known =
            self.words.get(&word.text).is_some_and(|it| it.is_some() || word.spelling.is_none());
        let size = word.text.len() + word.spelling.as_ref().map_or(0, |it| it.len() + 1);
        if !is_of_log && !is_known && self.has_room(size) {
            self.words.insert(word.text.clone(), word.spelling.clone());
        }
    }

    fn add_lexeme(&mut self, lexeme: &str, position: u16, place: SearchPlace) {
        let known = self.lexemes.get(lexeme);
        // Text in files has lexemes of its own.
        let is_new = known.is_none_or(|it| it.last().is_none_or(|it| it.1 != place));
        let size = if is_new { lexeme.len() + 12 } else { 2 };
        let has_enough = known.is_some_and(|it| {
            it.len() >= MAX_POSITIONS && !is_new || it.last() == Some(&(position, place))
        });
        if !has_enough && self.has_room(size) {
            match self.lexemes.get_mut(lexeme) {
                Some(known) => known.push((position, place)),
                None => drop(self.lexemes.insert(lexeme.to_owned(), vec![(position, place)])),
            }
        }
    }

    const fn has_room(&mut self, size: usize) -> bool {
        let has_room = self.bytes + size <= MAX_BYTES;
        self.bytes += if has_room { size } else { 0 };
        has_room
    }
}
