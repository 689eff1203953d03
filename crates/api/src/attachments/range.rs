//! Which bytes of a file a request asks for (RFC 9110, 14).

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedRange {
    /// All of it: there is no header, or one that we do not understand.
    Whole,
    Part(Range<u64>),
    /// Bytes that the file does not have.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `size` bytes. Several ranges are ignored.
pub fn requested_range(header: Option<&str>, size: u64) -> RequestedRange {
    let Some(ranges) = header.and_then(|it| it.trim().strip_prefix("bytes=")) else {
        return RequestedRange::Whole;
    };
    if ranges.contains(',') {
        return RequestedRange::Whole;
    }
    match ranges.trim().split_once('-') {
        Some(("", suffix)) => match suffix.parse::<u64>() {
            Ok(0) => RequestedRange::Unsatisfiable,
            Ok(_) if size == 0 => RequestedRange::Unsatisfiable,
            Ok(length) => RequestedRange::Part(size.saturating_sub(length)..size),
            Err(_) => RequestedRange::Whole,
        },
        Some((first, last)) => {
            let last = if last.is_empty() { Ok(u64::MAX) } else { last.parse::<u64>() };
            match (first.parse::<u64>(), last) {
                (Ok(first), Ok(last)) if first > last => RequestedRange::Whole,
                (Ok(first), Ok(_)) if first >= size => RequestedRange::Unsatisfiable,
                (Ok(first), Ok(last)) => {
                    RequestedRange::Part(first..last.saturating_add(1).min(size))
                }
                _ => RequestedRange::Whole,
            }
        }
        None => RequestedRange::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    /// AT09: what each form of the header asks for.
    #[test]
    fn sec_at09_ranges_are_read_as_the_rfc_says() {
        for (header, expected) in [
            ("bytes=0-", RequestedRange::Part(0..100)),
            ("bytes=0-0", RequestedRange::Part(0..1)),
            ("bytes=10-19", RequestedRange::Part(10..20)),
            ("bytes=90-500", RequestedRange::Part(90..100)),
            ("bytes=-10", RequestedRange::Part(90..100)),
            ("bytes=-500", RequestedRange::Part(0..100)),
            ("bytes=-0", RequestedRange::Unsatisfiable),
            ("bytes=100-", RequestedRange::Unsatisfiable),
            ("bytes=0-1,5-6", RequestedRange::Whole),
            ("bytes=9-1", RequestedRange::Whole),
            ("bytes=x-y", RequestedRange::Whole),
            ("bytes=18446744073709551615-18446744073709551615", RequestedRange::Unsatisfiable),
            ("items=0-1", RequestedRange::Whole),
        ] {
            assert_eq!(requested_range(Some(header), 100), expected, "{header}");
        }
        assert_eq!(requested_range(None, 100), RequestedRange::Whole);
        assert_eq!(requested_range(Some("bytes=0-"), 0), RequestedRange::Unsatisfiable);
    }

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_range_is_read_in_linear_time() {
        for beginning in ["bytes=", "bytes=1"] {
            are_read(beginning, &PIECES, |text| _ = requested_range(Some(text), 100));
        }
    }
}
