//! Redmine's query syntax: repeated names, operators before values, `f[]`, `op[]`, `v[][]`.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::web::Data;
use percent_encoding::percent_decode_str;

use crate::http::service::Service;
use crate::redmine::error::RedmineError;

/// How many filters a list may have: each is a condition of one statement.
const MAX_FILTERS: usize = 50;

/// How many values a filter may have.
const MAX_VALUES: usize = 200;

pub struct Query {
    pairs: Vec<(String, String)>,
    /// How clients reach the service.
    pub base: String,
}

impl Query {
    pub fn of(req: &HttpRequest) -> Self {
        let decoded =
            |it: &str| percent_decode_str(&it.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = req.query_string().split('&').filter(|it| !it.is_empty());
        let pairs = pairs.map(|it| it.split_once('=').unwrap_or((it, "")));
        let base = req.app_data::<Data<Service>>().map(|it| it.public_url.clone());
        let pairs = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
        Self { pairs, base: base.unwrap_or_default() }
    }

    /// The value of a name; of several the last, as Rails takes it.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rfind(|it| it.0 == name).map(|it| it.1.as_str())
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|it| it.0 == name).map(|it| it.1.as_str()).collect()
    }

    /// Every filter with its value, operators first.
    /// Errors: an unknown operator.
    pub fn filters(&self) -> Result<Vec<(String, String)>, RedmineError> {
        const OTHERS: &[&str] = &[
            "key",
            "limit",
            "offset",
            "page",
            "sort",
            "include",
            "include[]",
            "set_filter",
            "query_id",
            "f[]",
            "format",
            "nometa",
            "callback",
            "utf8",
        ];
        let is_filter = |name: &str| {
            !OTHERS.contains(&name) && !name.starts_with("op[") && !name.starts_with("v[")
        };
        let own = self.pairs.iter().enumerate();
        let last: HashMap<&str, usize> = own.clone().map(|(place, it)| (&*it.0, place)).collect();
        let is_last = |name: &str, place: usize| last.get(name) == Some(&place);
        let own = own.filter(|(place, it)| is_filter(&it.0) && is_last(&it.0, *place));
        let mut filters: Vec<(String, String)> = own.map(|(_, it)| it.clone()).collect();
        let listed = self.all("f[]");
        if filters.len() + listed.len() > MAX_FILTERS {
            return Err(RedmineError::Wrong(format!("At most {MAX_FILTERS} filters at once")));
        }
        for name in listed.into_iter().filter(|it| !it.is_empty()) {
            let operator = self.value(&format!("op[{name}]")).unwrap_or("=");
            if !OPERATORS.iter().any(|it| it.0 == operator) && !OTHER_OPERATORS.contains(&operator)
            {
                let sentence = format!("{name}: «{operator}» is not an operator here");
                return Err(RedmineError::Wrong(sentence));
            }
            let values = self.all(&format!("v[{name}][]")).join("|");
            filters.push((name.to_owned(), format!("{operator}{values}")));
        }
        let has_many = |it: &str| it.matches(['|', ',']).count() >= MAX_VALUES;
        match filters.iter().find(|(_, value)| has_many(value)) {
            Some((name, _)) => {
                Err(RedmineError::Wrong(format!("{name}: at most {MAX_VALUES} values at once")))
            }
            None => Ok(filters),
        }
    }

    /// Limit and offset; at most 100.
    pub fn page(&self) -> (i64, i64) {
        let number = |name: &str| self.value(name).and_then(|it| it.parse::<i64>().ok());
        let limit = match number("limit") {
            Some(it) if it > 0 => it.min(100),
            Some(_) | None => 25,
        };
        let offset = number("offset").filter(|it| *it > 0);
        let page = number("page").filter(|it| *it > 1).map(|it| (it - 1).saturating_mul(limit));
        (limit, offset.or(page).unwrap_or(0))
    }

    pub fn includes(&self, name: &str) -> bool {
        let lists = self.pairs.iter().filter(|it| matches!(it.0.as_str(), "include" | "include[]"));
        lists.flat_map(|it| it.1.split(',')).any(|it| it.trim() == name)
    }
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Is,
    /// There is a value, whatever it is.
    Any,
    Contains,
    Begins,
    Ends,
    AtLeast,
    AtMost,
    Between,
}

/// The operators as scripts write them, longer ones first, and whether each negates the other.
const OPERATORS: &[(&str, bool, Operator)] = &[
    ("!*", true, Operator::Any),
    ("!~", true, Operator::Contains),
    ("><", false, Operator::Between),
    (">=", false, Operator::AtLeast),
    ("<=", false, Operator::AtMost),
    ("!", true, Operator::Is),
    ("*", false, Operator::Any),
    ("~", false, Operator::Contains),
    ("^", false, Operator::Begins),
    ("$", false, Operator::Ends),
    ("=", false, Operator::Is),
];

/// Operators of statuses and dates, which have a syntax of their own.
const OTHER_OPERATORS: &[&str] =
    &["o", "c", "t", "t-", ">t-", "<t-", "><t-", "ld", "w", "lw", "l2w", "m", "lm", "y"];

/// What a filter asks for.
#[derive(Debug)]
pub struct FilterValue {
    pub is_not: bool,
    pub operator: Operator,
    pub values: Vec<String>,
}

impl FilterValue {
    /// `a|b`, `=a`, `!a`, `~part`, `*`.
    pub fn of(text: &str) -> Self {
        let found = OPERATORS.iter().find_map(|(sign, is_not, operator)| {
            Some((text.strip_prefix(sign)?, *is_not, *operator))
        });
        let (rest, is_not, operator) = found.unwrap_or((text, false, Operator::Is));
        Self { is_not, operator, values: rest.split('|').map(str::to_owned).collect() }
    }

    /// Whether there is no value.
    pub fn is_blank(&self) -> bool {
        self.values.iter().all(|it| it.trim().is_empty())
    }

    /// The values, without blanks, also separated by commas.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let all = self.values.iter().flat_map(|it| it.split(','));
        all.map(str::trim).filter(|it| !it.is_empty())
    }

    /// The values as numbers; none if any is not a number, or there are no values.
    pub fn numbers(&self) -> Option<Vec<i64>> {
        let numbers: Option<Vec<i64>> = self.words().map(|it| it.parse().ok()).collect();
        numbers.filter(|it| !it.is_empty())
    }
}
