//! Expressions as PostgreSQL reads them.

use domain::search::{Expression, SearchPlace};

/// The number of consecutive tickets that share a block lexeme, by which the newest are
/// found without the others.
const BLOCK: i64 = 256;

/// The lexeme of a company's tickets; no word begins with this sign.
pub fn company_lexeme(company_id: i64) -> String {
    format!("@c{company_id}")
}

/// The lexeme of the block of numbers that a ticket belongs to, among all tickets or those of a company.
pub fn block_lexeme(ticket_id: i64, company_id: Option<i64>) -> String {
    numbered_block(ticket_id / BLOCK, company_id)
}

/// The blocks that cover this many numbers up to one.
pub fn blocks(until: i64, span: i64, company_id: Option<i64>) -> Vec<String> {
    let first = (until - span).max(0) / BLOCK;
    (first..=until / BLOCK).map(|it| numbered_block(it, company_id)).collect()
}

/// A company's blocks are their own: the list of a company and that of a block are long, that of both is short.
fn numbered_block(number: i64, company_id: Option<i64>) -> String {
    match company_id {
        Some(id) => format!("@b{number}c{id}"),
        None => format!("@b{number}"),
    }
}

/// The mark of an article that customers read.
pub const PUBLIC: &str = "@p";

const IN_FILE: &str = "@f";

/// A lexeme of a file: there are four weights for more places.
pub fn file_lexeme(lexeme: &str) -> String {
    format!("{IN_FILE}{lexeme}")
}

/// The lexeme of a text in the index; none if it is one of the index's own, or the number of a ticket.
pub fn plain_lexeme(stored: &str) -> Option<&str> {
    let plain = stored.strip_prefix(IN_FILE).unwrap_or(stored);
    Some(plain).filter(|it| !it.starts_with(['@', '№']))
}

/// The weight of a place in a ticket or an article.
pub const fn weight(place: SearchPlace) -> char {
    match place {
        SearchPlace::Subject => 'A',
        SearchPlace::Description | SearchPlace::Articles => 'B',
        SearchPlace::Comments => 'C',
        SearchPlace::Notes | SearchPlace::Files => 'D',
    }
}

/// A lexeme in the quotes of a `tsvector` or `tsquery`.
pub fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

/// Where something may be found; empty: anywhere.
#[derive(Debug, Clone, Default)]
pub struct Places(pub Vec<SearchPlace>);

impl Places {
    fn has_files(&self) -> bool {
        self.0.is_empty() || self.0.contains(&SearchPlace::Files)
    }

    /// The weights of the given places, without files; none if there are no others.
    fn weights(&self) -> Option<String> {
        let others = self.0.iter().filter(|it| **it != SearchPlace::Files);
        let weights: String = others.map(|it| weight(*it)).collect();
        (self.0.is_empty() || !weights.is_empty()).then_some(weights)
    }

    /// The variants under which a lexeme is searched.
    pub fn variants(&self) -> usize {
        usize::from(self.has_files()) + usize::from(self.weights().is_some())
    }

    /// An expression that holds in these places.
    pub fn tsquery(&self, expression: &Expression) -> String {
        let joined = |all: &[Expression], sign: &str| {
            let all: Vec<String> = all.iter().map(|it| self.tsquery(it)).collect();
            format!("({})", all.join(sign))
        };
        match expression {
            Expression::Lexeme(it) => self.lexeme(it, ""),
            Expression::Beginning(it) => self.lexeme(it, "*"),
            Expression::Adjacent(all) => joined(all, " <-> "),
            Expression::Any(all) => joined(all, " | "),
            Expression::All(all) => joined(all, " & "),
        }
    }

    fn lexeme(&self, text: &str, sign: &str) -> String {
        let written = |text: &str, signs: &str| match signs {
            "" => quoted(text),
            signs => format!("{}:{signs}", quoted(text)),
        };
        let plain = self.weights().map(|it| written(text, &format!("{sign}{it}")));
        let of_files = self.has_files().then(|| written(&file_lexeme(text), sign));
        match (plain, of_files) {
            (Some(plain), Some(of_files)) => format!("({plain} | {of_files})"),
            (plain, of_files) => plain.or(of_files).unwrap_or_default(),
        }
    }
}

/// All of some conditions, or one of them.
pub fn all(conditions: &[String], sign: &str) -> Option<String> {
    (!conditions.is_empty()).then(|| format!("({})", conditions.join(sign)))
}
