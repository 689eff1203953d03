//! Which bytes of a file a request asks for (RFC 9110, 14).

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: there is no header, or one that we do not understand.
    Whole,
    Part(Range<u64>),
    /// Bytes that the file does not have.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `size` bytes. Several ranges are ignored.
pub fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some(ranges) = header.and_then(|it| it.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    if ranges.contains(',') {
        return Wanted::Whole;
    }
    match ranges.trim().split_once('-') {
        Some(("", suffix)) => match suffix.parse::<u64>() {
            Ok(0) => Wanted::Unsatisfiable,
            Ok(_) if size == 0 => Wanted::Unsatisfiable,
            Ok(length) => Wanted::Part(size.saturating_sub(length)..size),
            Err(_) => Wanted::Whole,
        },
        Some((first, last)) => {
            let last = if last.is_empty() { Ok(u64::MAX) } else { last.parse::<u64>() };
            match (first.parse::<u64>(), last) {
                (Ok(first), Ok(last)) if first > last => Wanted::Whole,
                (Ok(first), Ok(_)) if first >= size => Wanted::Unsatisfiable,
                (Ok(first), Ok(last)) => Wanted::Part(first..last.saturating_add(1).min(size)),
                _ => Wanted::Whole,
            }
        }
        None => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AT09: what each form of the header asks for.
    #[test]
    fn sec_at09_ranges_are_read_as_the_rfc_says() {
        for (header, expected) in [
            ("bytes=0-", Wanted::Part(0..100)),
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=10-19", Wanted::Part(10..20)),
            ("bytes=90-500", Wanted::Part(90..100)),
            ("bytes=-10", Wanted::Part(90..100)),
            ("bytes=-500", Wanted::Part(0..100)),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=100-", Wanted::Unsatisfiable),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=9-1", Wanted::Whole),
            ("bytes=x-y", Wanted::Whole),
            ("bytes=18446744073709551615-18446744073709551615", Wanted::Unsatisfiable),
            ("items=0-1", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), 100), expected, "{header}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Unsatisfiable);
    }
}
