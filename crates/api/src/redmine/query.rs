//! Redmine's query syntax: repeated names, operators before values, `f[]`, `op[]`, `v[][]`.

use actix_web::HttpRequest;
use actix_web::web::Data;
use percent_encoding::percent_decode_str;

use crate::http::service::Service;
use crate::redmine::error::RedmineError;

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

    pub fn first(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
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
        let mut filters: Vec<(String, String)> =
            self.pairs.iter().filter(|it| is_filter(&it.0)).cloned().collect();
        for name in self.all("f[]").into_iter().filter(|it| !it.is_empty()) {
            let operator = self.first(&format!("op[{name}]")).unwrap_or("=");
            if !OPERATORS.iter().any(|it| it.0 == operator) && !OTHER_OPERATORS.contains(&operator)
            {
                let sentence = format!("{name}: «{operator}» is not an operator here");
                return Err(RedmineError::Wrong(sentence));
            }
            let values = self.all(&format!("v[{name}][]")).join("|");
            filters.push((name.to_owned(), format!("{operator}{values}")));
        }
        Ok(filters)
    }

    /// Limit and offset; at most 100.
    pub fn page(&self) -> (i64, i64) {
        let number = |name: &str| self.first(name).and_then(|it| it.parse::<i64>().ok());
        let limit = match number("limit") {
            Some(it) if it > 0 => it.min(100),
            Some(_) | None => 25,
        };
        let offset = number("offset").filter(|it| *it > 0);
        let page = number("page").filter(|it| *it > 1).map(|it| (it - 1).saturating_mul(limit));
        (limit, offset.or(page).unwrap_or(0))
    }

    pub fn includes(&self, name: &str) -> bool {
        self.first("include").is_some_and(|it| it.split(',').any(|it| it.trim() == name))
    }
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Is,
    /// There is a value, whichever.
    Any,
    Contains,
    Begins,
    Ends,
    AtLeast,
    AtMost,
    Between,
}

/// The operators as scripts write them, longer ones first, and whether each is the opposite.
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
const OTHER_OPERATORS: &[&str] = &["o", "c", "t", ">t-", "<t-"];

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

    /// The values without blanks; commas separate them, too.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let all = self.values.iter().flat_map(|it| it.split(','));
        all.map(str::trim).filter(|it| !it.is_empty())
    }

    /// Numbers; none if there is anything else, or nothing.
    pub fn numbers(&self) -> Option<Vec<i64>> {
        let numbers: Option<Vec<i64>> = self.words().map(|it| it.parse().ok()).collect();
        numbers.filter(|it| !it.is_empty())
    }
}
