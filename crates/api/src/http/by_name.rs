//! Lists of the directory, searched by parts of a name and sorted by id or by name.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::page::Key;

/// Which items to list, and in which order.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ByName {
    /// Only items with all of these words, or parts of words, in the name, regardless of letter case; for users
    /// also in the e-mail address, if the caller may see it.
    #[param(min_length = 1, max_length = 200, pattern = r"\S", nullable = false)]
    pub q: Option<String>,
    /// The order.
    #[param(nullable = false)]
    pub sort: Option<NameSort>,
}

/// The order of a list of the directory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameSort {
    /// In order of creation.
    #[default]
    Id,
    /// By name; people by last name.
    Name,
}

/// The place of a row in such a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NamePlace {
    Id(i64),
    Name(String, i64),
}

impl Key for NamePlace {
    fn is_storable(&self) -> bool {
        match self {
            Self::Id(_) => true,
            Self::Name(name, _) => !name.contains('\0'),
        }
    }
}

/// Where the names of a table are, as SQL.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    /// The text that is searched, in lower case.
    pub searched: &'static str,
    /// What the list is sorted by, in lower case.
    pub sorted: &'static str,
    pub id: &'static str,
}

type Condition<QS> = Box<dyn BoxableExpression<QS, Pg, SqlType = Bool>>;

impl ByName {
    /// The rows that have the words, after a given place.
    pub fn condition<QS: 'static>(&self, names: Names, after: Option<NamePlace>) -> Condition<QS> {
        let begin: Condition<QS> = match after {
            None => Box::new(sql::<Bool>("true")),
            Some(NamePlace::Id(id)) => {
                Box::new(sql::<Bool>(&format!("{} > ", names.id)).bind::<BigInt, _>(id))
            }
            Some(NamePlace::Name(name, id)) => {
                let place = format!("({}, {}) > (lower(", names.sorted, names.id);
                let place = sql::<Bool>(&place).bind::<Text, _>(name);
                Box::new(place.sql("), ").bind::<BigInt, _>(id).sql(")"))
            }
        };
        let searched = format!("{} like ", names.searched);
        self.patterns()
            .fold(begin, |all, it| Box::new(all.and(sql::<Bool>(&searched).bind::<Text, _>(it))))
    }

    /// The order of the rows.
    pub fn order(&self, names: Names) -> SqlLiteral<Text> {
        match self.sort.unwrap_or_default() {
            NameSort::Id => sql(names.id),
            NameSort::Name => sql(&format!("{}, {}", names.sorted, names.id)),
        }
    }

    /// The place of a row with this name.
    pub fn place(&self, id: i64, name: impl FnOnce() -> String) -> NamePlace {
        match self.sort.unwrap_or_default() {
            NameSort::Id => NamePlace::Id(id),
            NameSort::Name => NamePlace::Name(name(), id),
        }
    }

    /// Each of the words as a pattern for `like`.
    fn patterns(&self) -> impl Iterator<Item = String> {
        let words = self.q.as_deref().unwrap_or_default().split_whitespace().take(10);
        words.map(|word| {
            let escaped: String = word
                .to_lowercase()
                .chars()
                .flat_map(|it| ['\\'].into_iter().filter(move |_| "\\%_".contains(it)).chain([it]))
                .collect();
            format!("%{escaped}%")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_searched_literally() {
        let by = ByName { q: Some(" Сары-АРКА  100%_a\\ ".to_owned()), sort: None };

        let patterns: Vec<String> = by.patterns().collect();

        assert_eq!(patterns, ["%сары-арка%", "%100\\%\\_a\\\\%"]);
    }
}
