//! The condition that a document has to meet.

use std::collections::HashSet;

/// A condition on the lexemes of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

    /// Any of the lexemes in it.
    pub fn choice(&self) -> Self {
        let mut any: Vec<Self> = self.operands().into_iter().cloned().collect();
        if any.len() == 1 { any.remove(0) } else { Self::Any(any) }
    }

    /// Whether one lexeme of it suffices.
    pub fn is_choice(&self) -> bool {
        match self {
            Self::Lexeme(_) | Self::Beginning(_) => true,
            Self::Any(all) => all.iter().all(Self::is_choice),
            Self::Adjacent(_) | Self::All(_) => false,
        }
    }

    /// The same without what no document has; none if no document can match.
    pub(super) fn without(&self, absent: &HashSet<Self>) -> Option<Self> {
        match self {
            Self::Lexeme(_) | Self::Beginning(_) => (!absent.contains(self)).then(|| self.clone()),
            Self::Adjacent(all) => {
                all.iter().map(|it| it.without(absent)).collect::<Option<_>>().map(Self::Adjacent)
            }
            Self::All(all) => {
                all.iter().map(|it| it.without(absent)).collect::<Option<_>>().map(Self::All)
            }
            Self::Any(all) => {
                let mut any: Vec<Self> = all.iter().filter_map(|it| it.without(absent)).collect();
                if any.len() > 1 { Some(Self::Any(any)) } else { any.pop() }
            }
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
