//! The type of a file, detected from its content; what its sender claims is ignored.

/// How many bytes from the beginning are examined.
pub const HEAD: usize = 8 * 1024;

/// The type of what is neither known nor text.
pub const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file that begins like this.
pub fn content_type(head: &[u8]) -> &'static str {
    match infer::get(head) {
        Some(kind) => kind.mime_type(),
        None if is_text(head) => "text/plain",
        None => UNKNOWN,
    }
}

/// Text is UTF-8 without control characters that no text has; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(cut) if cut.error_len().is_none() && head.len() >= HEAD => {
            head.utf8_chunks().next().map_or("", |it| it.valid())
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|it| it.is_control() && !matches!(it, '\t' | '\n' | '\r'))
}

/// The types with which files are served, as in the document: nothing that a browser would run or
/// show as a page.
pub const SERVED_TYPES: [&str; 7] =
    [UNKNOWN, "text/plain", "application/zip", "application/gzip", "image/*", "video/*", "audio/*"];

/// The type with which a file is served.
pub fn served_type(content_type: &str) -> &str {
    let is_within = |range: &str| match range.strip_suffix('*') {
        Some(kind) => content_type.starts_with(kind),
        None => content_type == range,
    };
    let is_harmless = SERVED_TYPES.into_iter().any(is_within) && !content_type.contains("svg");
    if is_harmless { content_type } else { UNKNOWN }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AT03: the content decides.
    #[test]
    fn sec_at03_the_content_determines_the_type() {
        assert_eq!(content_type(b"\x89PNG\r\n\x1a\n0000"), "image/png");
        assert_eq!(content_type(b"PK\x03\x04rest"), "application/zip");
        assert_eq!(content_type("версия 3.18\n".as_bytes()), "text/plain");
        assert_eq!(content_type(b"\x00\x01\x02"), UNKNOWN);
        assert_eq!(content_type(b""), UNKNOWN);
        let mut cut = "я".repeat(HEAD / 2).into_bytes();
        cut[0] = b'a';
        cut.insert(1, b'b');
        cut.truncate(HEAD);
        assert_eq!(content_type(&cut), UNKNOWN, "a broken beginning is no text");
    }

    /// AT03: whatever a browser would run is handed out as bytes.
    #[test]
    fn sec_at03_pages_and_programs_are_served_as_bytes() {
        for it in ["text/html", "image/svg+xml", "text/xml", "application/pdf", "text/javascript"] {
            assert_eq!(served_type(it), UNKNOWN, "{it}");
        }
        assert_eq!(served_type("image/png"), "image/png");
        assert_eq!(served_type(content_type(b"<!DOCTYPE html><script>")), UNKNOWN);
    }
}
