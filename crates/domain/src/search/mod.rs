//! How texts are found: what a text and a query have in common, whatever the grammatical form, the alphabet
//! and the keyboard layout.

mod document;
mod excerpt;
mod expression;
mod fold;
mod kazakh;
mod layout;
mod lexeme;
mod piece;
mod plan;
mod query;
mod rank;
mod russian;
mod similar;
mod spelling;
mod stop_words;
mod strong_verbs;
mod token;
mod vocabulary;

pub use document::{Document, SearchPlace};
pub use excerpt::{Excerpts, Fragment, beginning};
pub use expression::Expression;
pub use plan::{Correction, Criterion, SearchPlan};
pub use query::{MAX_QUERY, QueryError, SearchQuery};
pub use rank::{Candidate, rarest, together};
pub use similar::{SampleText, most_similar};
pub use spelling::swapped;
pub use token::last_word;
pub use vocabulary::{Vocabulary, least_likeness};

#[cfg(test)]
mod tests;
