//! Small pictures (AT10).

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::support::TestApp;

const RED: Rgb<u8> = Rgb([200, 0, 0]);
const BLUE: Rgb<u8> = Rgb([0, 0, 200]);

/// A JPEG, red on the left and blue on the right, that says in its metadata where it was taken, and that it is to be
/// turned by a quarter: red is above then.
fn photo() -> Vec<u8> {
    let picture = RgbImage::from_fn(400, 200, |x, _| if x < 200 { RED } else { BLUE });
    let mut plain = Vec::new();
    DynamicImage::from(picture).write_to(&mut Cursor::new(&mut plain), ImageFormat::Jpeg).unwrap();
    let orientation = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let exif = [&orientation[..], b"43.238949N 76.889709E"].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, &exif, &plain[2..]].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::from(RgbImage::from_pixel(width, height, RED));
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// AT10: a preview is turned as the picture was taken, fits its square, has none of the metadata, and is shown by a
/// browser; a client that has it gets 304.
#[test]
fn sec_at10_a_preview_is_small_turned_and_without_metadata() {
    let app = TestApp::spawn();
    let (ticket, id) = app.ticket_with_file("photo.jpg", &photo());
    let path = format!("/attachments/{id}/preview");
    let get = |query: &str, headers: &[(&str, &str)]| {
        let bearer = format!("Bearer {}", app.customer().token);
        let headers = [headers, &[("authorization", bearer.as_str())]].concat();
        app.opens(&format!("/api/v1{path}{query}"), &headers)
    };

    let (status, headers, medium) = get("", &[]);
    let (_, small_headers, small) = get("?size=small", &[]);

    let read = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
    let picture = read(&medium);
    assert_eq!(
        (status, picture.dimensions(), read(&small).dimensions()),
        (200, (200, 400), (80, 160))
    );
    assert!(picture.get_pixel(100, 20)[0] > 150 && picture.get_pixel(100, 380)[2] > 150);
    assert!(!String::from_utf8_lossy(&medium).contains("76.889709"));
    assert_eq!(headers["content-type"], "image/jpeg");
    assert_eq!(headers["content-disposition"], "inline");
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(headers["cache-control"], "private, no-cache");
    assert_ne!(headers["etag"], small_headers["etag"]);
    assert_eq!(get("?size=small", &[("if-none-match", &small_headers["etag"])]).0, 304);
    assert_eq!(get("?size=small", &[("if-none-match", &headers["etag"])]).0, 200);
    let wrong = app.customer().get(&format!("{path}?size=huge")).expect(422);
    assert_eq!(wrong.errors(), ["size not_one_of"]);
    assert_eq!(app.customer().attachments(ticket)[0]["has_preview"], true);

    let link = app.customer().link(id);
    let by_link = app.path_of(&link.word("preview_url"));
    let (status, headers, bytes) = app.opens(&format!("{by_link}&size=small"), &[]);
    assert_eq!((status, bytes), (200, small));
    assert_eq!(headers["cache-control"], "private, no-store");
    let (_, other) = app.ticket_with_file("a.png", &png(8, 8));
    let foreign = by_link.replace(&format!("/{id}/"), &format!("/{other}/"));
    assert_eq!(app.opens(&foreign, &[]).0, 403);
}

/// AT10: what is no picture, is damaged, or claims to be larger than is decoded, has no preview and harms nobody.
#[test]
fn sec_at10_whatever_has_no_preview_says_so() {
    let app = TestApp::spawn();
    let mut bomb = png(8, 8);
    bomb[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    let cut = png(400, 400)[..200].to_vec();
    let gif_bomb = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;";
    let files: [(&str, &[u8], bool); 6] = [
        ("a.log", b"link up", false),
        ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", false),
        ("a.pdf", b"%PDF-1.7", false),
        ("bomb.png", &bomb, true),
        ("cut.png", &cut, true),
        ("bomb.gif", gif_bomb, true),
    ];
    for (name, bytes, is_picture) in files {
        let (ticket, id) = app.ticket_with_file(name, bytes);

        let refused = app.engineer().get(&format!("/attachments/{id}/preview?size=large"));

        assert_eq!((refused.status, refused.code()), (404, "no_preview"), "{name}");
        assert_eq!(app.customer().attachments(ticket)[0]["has_preview"], is_picture, "{name}");
        let link = app.engineer().link(id);
        assert_eq!(link.body["preview_url"].is_string(), is_picture, "{name}");
    }
    let (_, id) = app.ticket_with_file("photo.jpg", &photo());
    let redact = format!("/attachments/{id}/redact");
    let redacted = app.admin().post(&redact, json!({ "reason": "Лицо." })).expect(200);
    assert_eq!(redacted.body["has_preview"], false);
    let gone = app.admin().get(&format!("/attachments/{id}/preview"));
    assert_eq!((gone.status, gone.code()), (410, "redacted"));
}
