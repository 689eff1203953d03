//! The condition that a document has to meet.

/// A condition on the lexemes of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A lexeme that must be in the document.
    Lexeme(String),
    /// A lexeme with this prefix.
    Beginning(String),
    /// One after the other, without anything between.
    Adjacent(Vec<Self>),
    /// At least one.
    Any(Vec<Self>),
    /// Each of them.
    All(Vec<Self>),
}

impl Expression {
    pub(super) fn lexemes(lexemes: impl IntoIterator<Item = String>) -> Self {
        let mut any: Vec<Self> = lexemes.into_iter().map(Self::Lexeme).collect();
        if any.len() == 1 { any.remove(0) } else { Self::Any(any) }
    }

    /// All lexemes in it, at any depth.
    pub fn operands(&self) -> Vec<&Self> {
        match self {
            Self::Lexeme(_) | Self::Beginning(_) => vec![self],
            Self::Adjacent(all) | Self::Any(all) | Self::All(all) => {
                all.iter().flat_map(Self::operands).collect()
            }
        }
    }

    /// The lexeme or prefix; none for a compound expression.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Lexeme(it) | Self::Beginning(it) => it,
            Self::Adjacent(_) | Self::Any(_) | Self::All(_) => "",
        }
    }

    /// The maximum number of documents that match, given how many have a lexeme or a prefix.
    pub(super) fn documents(&self, of: &impl Fn(&Self) -> u64) -> u64 {
        match self {
            Self::Lexeme(_) | Self::Beginning(_) => of(self),
            Self::Adjacent(all) | Self::All(all) => {
                all.iter().map(|it| it.documents(of)).min().unwrap_or(0)
            }
            Self::Any(all) => all.iter().map(|it| it.documents(of)).sum(),
        }
    }

    /// Whether one of the lexemes of a word is among its operands.
    pub(super) fn mentions(&self, lexemes: &[String]) -> bool {
        self.operands().iter().any(|it| match it {
            Self::Lexeme(lexeme) => lexemes.contains(lexeme),
            Self::Beginning(start) => lexemes.iter().any(|it| it.starts_with(start.as_str())),
            Self::Adjacent(_) | Self::Any(_) | Self::All(_) => false,
        })
    }
}
