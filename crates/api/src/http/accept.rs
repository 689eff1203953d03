//! The media types in which a caller accepts a response (RFC 9110, 12.5.1).

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;

/// A media range and its weight.
type Range = (String, f32);

/// Whether the caller accepts one of these media types, or JSON, in which problems are.
pub fn accepts(req: &HttpRequest, offered: &[String]) -> bool {
    let Some(ranges) = ranges(req) else { return true };
    let json = ["application/json", "application/problem+json"];
    let media = offered.iter().map(String::as_str).chain(json);
    media.into_iter().any(|it| is_taken(it, &ranges))
}

/// Whether a media type is accepted; for a range such as `image/*`, whether some type in it is.
fn is_taken(media: &str, ranges: &[Range]) -> bool {
    let Some(kind) = media.strip_suffix("/*") else { return weight(media, ranges) > 0.0 };
    let overlaps = |range: &str| {
        let wanted = range.split('/').next().unwrap_or_default();
        kind == "*" || wanted == "*" || wanted == kind
    };
    ranges.iter().any(|(range, weight)| *weight > 0.0 && overlaps(range))
}

/// The offered media type that the caller prefers, among equals the first.
pub fn preferred<'a>(req: &HttpRequest, offered: &[&'a str]) -> Option<&'a str> {
    let Some(ranges) = ranges(req) else { return offered.first().copied() };
    let weighed = offered.iter().rev().map(|it| (weight(it, &ranges), *it));
    let best = weighed.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 > 0.0).then_some(best.1)
}

/// The ranges that the caller accepts; none: anything.
fn ranges(req: &HttpRequest) -> Option<Vec<Range>> {
    let accept = req.headers().get(ACCEPT).and_then(|it| it.to_str().ok())?;
    Some(accept.split(',').map(media_range).collect())
}

fn media_range(text: &str) -> Range {
    let mut parts = text.split(';').map(|it| it.trim().to_ascii_lowercase());
    let range = parts.next().filter(|it| !it.is_empty()).unwrap_or_else(|| "*/*".to_owned());
    let weight = parts.find_map(|it| it.strip_prefix("q=").map(str::to_owned));
    (range, weight.and_then(|it| it.parse().ok()).unwrap_or(1.0))
}

/// The weight of a media type, by the most specific range that matches it.
fn weight(media: &str, ranges: &[Range]) -> f32 {
    let kind = media.split('/').next().unwrap_or_default();
    let names = [media.to_owned(), format!("{kind}/*"), "*/*".to_owned()];
    let matching = names.iter().find_map(|name| ranges.iter().find(|(range, _)| range == name));
    matching.map_or(0.0, |(_, weight)| *weight)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    #[test]
    fn the_caller_chooses_among_what_is_offered() {
        const OFFERED: [&str; 2] = ["application/json", "text/csv"];
        let chosen = |accept: &str| {
            preferred(
                &TestRequest::get().insert_header((ACCEPT, accept)).to_http_request(),
                &OFFERED,
            )
        };

        assert_eq!(preferred(&TestRequest::get().to_http_request(), &OFFERED), Some(OFFERED[0]));
        assert_eq!(chosen("*/*"), Some("application/json"));
        assert_eq!(chosen("text/csv"), Some("text/csv"));
        assert_eq!(chosen("application/json;q=0.5, text/*"), Some("text/csv"));
        assert_eq!(chosen("text/csv;q=0, application/json"), Some("application/json"));
        assert_eq!(chosen("image/png"), None);
    }

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_header_is_read_in_linear_time() {
        are_read("", &PIECES, |text| {
            let ranges: Vec<Range> = text.split(',').map(media_range).collect();
            let _ = is_taken("application/json", &ranges) || is_taken("text/*", &ranges);
        });
    }
}
