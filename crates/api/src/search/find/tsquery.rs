//! Expressions as PostgreSQL reads them.

use domain::search::{Expression, SearchPlace};

/// How many numbers of tickets share a lexeme, by which the newest are found without the others.
const BLOCK: i64 = 4096;

/// In which tickets of which company; no word begins with this sign.
pub fn company_lexeme(company_id: i64) -> String {
    format!("@c{company_id}")
}

/// In which block of numbers a ticket is.
pub fn block_lexeme(ticket_id: i64) -> String {
    format!("@b{}", ticket_id / BLOCK)
}

/// The newest blocks that span so many numbers.
pub fn newest_blocks(newest: i64, span: i64) -> Vec<String> {
    let last = newest / BLOCK;
    let first = (last - span / BLOCK - 1).max(0);
    (first..=last).map(|it| format!("@b{it}")).collect()
}

/// A lexeme in the name of a file.
pub fn file_lexeme(lexeme: &str) -> String {
    format!("@f{lexeme}")
}

/// The weight of a place: there are four. Names of files are looked for among comments.
pub const fn weight(place: SearchPlace) -> char {
    match place {
        SearchPlace::Subject => 'A',
        SearchPlace::Description => 'B',
        SearchPlace::Comments | SearchPlace::Files => 'C',
        SearchPlace::Notes => 'D',
    }
}

/// A lexeme in the quotes of a `tsvector` or `tsquery`.
pub fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

/// Where something may stand; empty: anywhere.
#[derive(Debug, Clone, Default)]
pub struct Places(pub Vec<SearchPlace>);

impl Places {
    /// An expression that holds in these places.
    pub fn tsquery(&self, expression: &Expression) -> String {
        let is_of_files = self.0 == [SearchPlace::Files];
        let weights: String =
            if is_of_files { String::new() } else { self.0.iter().map(|it| weight(*it)).collect() };
        let lexeme = |text: &str, sign: &str| {
            let text = if is_of_files { file_lexeme(text) } else { text.to_owned() };
            match sign.len() + weights.len() {
                0 => quoted(&text),
                _ => format!("{}:{sign}{weights}", quoted(&text)),
            }
        };
        let joined = |all: &[Expression], sign: &str| {
            let all: Vec<String> = all.iter().map(|it| self.tsquery(it)).collect();
            format!("({})", all.join(sign))
        };
        match expression {
            Expression::Lexeme(it) => lexeme(it, ""),
            Expression::Beginning(it) => lexeme(it, "*"),
            // Lexemes of files have no positions.
            Expression::Adjacent(all) if is_of_files => joined(all, " & "),
            Expression::Adjacent(all) => joined(all, " <-> "),
            Expression::Any(all) => joined(all, " | "),
        }
    }
}

/// All of some conditions, or one of them.
pub fn all(conditions: &[String], sign: &str) -> Option<String> {
    (!conditions.is_empty()).then(|| format!("({})", conditions.join(sign)))
}
