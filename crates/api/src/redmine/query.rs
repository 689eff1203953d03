//! Redmine's query syntax: repeated names, operators before values, `f[]`, `op[]`, `v[][]`.

use actix_web::HttpRequest;
use actix_web::web::Data;
use percent_encoding::percent_decode_str;

use crate::http::service::Service;

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
    pub fn filters(&self) -> Vec<(String, String)> {
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
            let values = self.all(&format!("v[{name}][]")).join("|");
            let value = match operator {
                "=" => values,
                "o" => "o".to_owned(),
                other => format!("{other}{values}"),
            };
            filters.push((name.to_owned(), value));
        }
        filters
    }

    /// Limit and offset; at most 100.
    pub fn page(&self) -> (i64, i64) {
        let number = |name: &str| self.first(name).and_then(|it| it.parse::<i64>().ok());
        let limit = match number("limit") {
            Some(it) if it > 0 => it.min(100),
            Some(_) | None => 25,
        };
        let offset = number("offset").filter(|it| *it > 0);
        let page = number("page").filter(|it| *it > 1).map(|it| (it - 1) * limit);
        (limit, offset.or(page).unwrap_or(0))
    }

    pub fn includes(&self, name: &str) -> bool {
        self.first("include").is_some_and(|it| it.split(',').any(|it| it.trim() == name))
    }
}

/// A value with its operator.
pub struct FilterValue {
    pub is_not: bool,
    pub values: Vec<String>,
}

/// `a|b`, `a,b`, `!a`, `=a`.
pub fn parse_filter_value(value: &str) -> FilterValue {
    let (is_not, rest) = match value.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, value.strip_prefix('=').unwrap_or(value)),
    };
    let values = rest.split(['|', ',']).map(str::trim).filter(|it| !it.is_empty());
    FilterValue { is_not, values: values.map(str::to_owned).collect() }
}
