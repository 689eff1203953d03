//! Pictures that HTML holds in itself (`data:` URLs, RFC 2397): files of the mail, like those that it refers to.

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use percent_encoding::percent_decode_str;

use crate::inbound::mime::transfer::base64_of_file;

/// How the URL of such a picture begins.
const START: &str = "data:image/";

/// What is smaller only fills a space, in bytes.
const MIN_PICTURE: usize = 64;

/// The HTML without the pictures, and the pictures.
pub fn taken_out(html: &str) -> (String, Vec<Vec<u8>>) {
    let (mut rest, mut left, mut pictures) = (html, String::new(), Vec::new());
    while let Some(at) = rest.find(START) {
        let (before, url) = rest.split_at(at);
        left.push_str(before);
        let Some(quote) = before.chars().next_back().filter(|it| matches!(it, '"' | '\'')) else {
            left.push_str(START);
            rest = &url[START.len()..];
            continue;
        };
        let end = url.find(quote).unwrap_or(url.len());
        pictures.extend(picture(&url[..end]).filter(|it| it.len() >= MIN_PICTURE));
        rest = &url[end..];
    }
    left.push_str(rest);
    (left, pictures)
}

fn picture(url: &str) -> Option<Vec<u8>> {
    let (kind, content) = url.split_once(',')?;
    let content: Vec<u8> = percent_decode_str(content).collect();
    Some(if kind.ends_with(";base64") { base64_of_file(&content) } else { content })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Section 7: a picture that was pasted into HTML is a file, and the text after it stays.
    #[test]
    fn s7_a_picture_within_html_is_taken_out_whole() {
        let bytes: Vec<u8> = (0..200).collect();
        let url = format!("data:image/png;base64,{}", STANDARD.encode(&bytes));
        let html = format!("<p>До</p><img src=\"{url}\" alt=''><p>После data:image/png</p>");

        let (left, pictures) = taken_out(&html);

        assert_eq!(left, "<p>До</p><img src=\"\" alt=''><p>После data:image/png</p>");
        assert_eq!(pictures, [bytes]);
        assert!(taken_out("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>").1.is_empty());
        assert_eq!(taken_out("<img src=\"data:image/png;base64,AAAA").0, "<img src=\"");
    }
}
