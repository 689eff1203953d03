//! Operations that will be removed: their responses say since when they are deprecated, when they end, and what
//! replaces them.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, LINK};

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// An operation that will be removed.
#[derive(Debug, Clone, Copy)]
pub struct Deprecated {
    /// Its id in the document.
    pub operation: &'static str,
    /// Since when, in seconds since 1970 (RFC 9745).
    pub since: i64,
    /// When it ends, at least six months later, as an HTTP date (RFC 8594).
    pub sunset: &'static str,
    /// The path of what replaces it.
    pub successor: &'static str,
}

/// All of them. An operation that joins them is announced in the changelog.
pub const DEPRECATED: &[Deprecated] = &[];

/// The entry of an operation.
pub fn find<'a>(table: &'a [Deprecated], operation: &str) -> Option<&'a Deprecated> {
    table.iter().find(|it| it.operation == operation)
}

impl Deprecated {
    /// Adds to a response that the operation will be removed.
    pub fn announce(&self, headers: &mut HeaderMap) {
        let link = format!("<{}>; rel=\"successor-version\"", self.successor);
        let since = format!("@{}", self.since);
        for (name, text) in
            [(DEPRECATION, since.as_str()), (SUNSET, self.sunset), (LINK, link.as_str())]
        {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.append(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Months};

    use super::*;
    use crate::http::permissions;

    const EXAMPLE: &[Deprecated] = &[Deprecated {
        operation: "tickets_count",
        since: 1_767_225_600,
        sunset: "Wed, 01 Jul 2026 00:00:00 GMT",
        successor: "/api/v2/tickets/counts",
    }];

    /// What is deprecated exists, and lives for six months more.
    fn check(table: &[Deprecated]) {
        for it in table {
            assert!(permissions::rule(it.operation).is_some(), "{}", it.operation);
            let since = DateTime::from_timestamp(it.since, 0).expect("an instant");
            let sunset = DateTime::parse_from_rfc2822(it.sunset).expect("an HTTP date");
            assert!(sunset >= since + Months::new(6), "{}", it.operation);
        }
    }

    /// A response of a deprecated operation says since when, until when and what comes instead; others say nothing.
    #[test]
    fn a_deprecated_operation_says_so_in_its_headers() {
        check(DEPRECATED);
        check(EXAMPLE);
        let mut headers = HeaderMap::new();

        find(EXAMPLE, "tickets_count").expect("an entry").announce(&mut headers);

        assert_eq!(headers.get("deprecation").expect("since when"), "@1767225600");
        assert_eq!(headers.get("sunset").expect("until when"), "Wed, 01 Jul 2026 00:00:00 GMT");
        let link = "</api/v2/tickets/counts>; rel=\"successor-version\"";
        assert_eq!(headers.get("link").expect("what instead"), link);
        assert!(find(EXAMPLE, "tickets_list").is_none());
    }
}
