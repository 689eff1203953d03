//! Small versions of pictures: decoded within limits, turned upright, and encoded again without metadata.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// The maximum number of pixels that are decoded.
const MAX_PIXELS: u64 = 40_000_000;

/// The maximum size of a decoded picture, in bytes: 40 megapixels of four bytes.
const MAX_DECODED: u64 = 4 * MAX_PIXELS;

/// How much memory a decoder may take besides, in bytes.
const DECODERS_OWN: u64 = 64 * 1024 * 1024;

/// The quality of a JPEG, of 100.
const QUALITY: u8 = 80;

/// A kind of picture that can be scaled down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format(ImageFormat);

impl Format {
    /// The format of a media type; none for what has no preview.
    pub fn of(content_type: &str) -> Option<Self> {
        let format = match content_type {
            "image/png" => ImageFormat::Png,
            "image/jpeg" => ImageFormat::Jpeg,
            "image/gif" => ImageFormat::Gif,
            "image/webp" => ImageFormat::WebP,
            _ => return None,
        };
        Some(Self(format))
    }
}

#[derive(Debug)]
pub struct Small {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// A picture scaled down to fit into a square of this many pixels; smaller ones are not enlarged, and of animations only
/// the first frame is used.
/// A picture with transparent parts becomes a PNG, any other a JPEG.
/// Errors: the reason why there is none: more pixels or bytes than are decoded, or a damaged file.
pub fn small(bytes: &[u8], format: Format, side: u32) -> Result<Small, String> {
    let mut picture = decoded(bytes, format, side)?;
    if picture.color().has_alpha() {
        let pixels = picture.to_rgba8();
        if pixels.pixels().any(|it| it.0.last() != Some(&u8::MAX)) {
            picture = DynamicImage::ImageRgba8(pixels);
            let mut bytes = Vec::new();
            picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(sentence)?;
            return Ok(Small { content_type: "image/png", bytes });
        }
    }
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    DynamicImage::ImageRgb8(picture.into_rgb8()).write_with_encoder(encoder).map_err(sentence)?;
    Ok(Small { content_type: "image/jpeg", bytes })
}

/// The size is known before anything is decoded.
fn decoded(bytes: &[u8], Format(format): Format, side: u32) -> Result<DynamicImage, String> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED + DECODERS_OWN);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(sentence)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED {
        return Err(format!("{width} x {height} pixels are too many"));
    }
    let orientation = decoder.orientation().map_err(sentence)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(sentence)?;
    if width.max(height) > side {
        picture = picture.thumbnail(side, side);
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn sentence(cause: image::ImageError) -> String {
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.into().write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a PNG");
        bytes
    }

    fn dimensions(small: &Small) -> (u32, u32) {
        let read = image::load_from_memory(&small.bytes).expect("a picture");
        (read.width(), read.height())
    }

    /// AT10: a picture is made small within its square, and keeps its transparent parts.
    #[test]
    fn sec_at10_a_preview_fits_its_square() {
        let of = |bytes: &[u8]| small(bytes, Format(ImageFormat::Png), 160).expect("a preview");
        let opaque = of(&png(RgbImage::from_pixel(800, 400, Rgb([9, 9, 9]))));
        let pierced = of(&png(RgbaImage::from_pixel(400, 800, Rgba([9, 9, 9, 0]))));
        let tiny = of(&png(RgbImage::from_pixel(4, 2, Rgb([9, 9, 9]))));

        assert_eq!((opaque.content_type, dimensions(&opaque)), ("image/jpeg", (160, 80)));
        assert_eq!((pierced.content_type, dimensions(&pierced)), ("image/png", (80, 160)));
        assert_eq!((tiny.content_type, dimensions(&tiny)), ("image/jpeg", (4, 2)));
    }

    /// AT10: a picture whose head announces more than 40 megapixels is refused by its head alone; so is what
    /// is damaged, cut or of another kind.
    #[test]
    fn sec_at10_bombs_and_damaged_pictures_are_refused() {
        let good = png(RgbImage::new(8, 8));
        let mut bomb = good.clone();
        bomb[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
        let crc = crc(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&crc);
        let refused = |bytes: &[u8]| small(bytes, Format(ImageFormat::Png), 160).expect_err("none");

        assert_eq!(refused(&bomb), "16384 x 16384 pixels are too many");
        for broken in [&good[..40], &good[..8], b"", b"GIF89a\x08\0\x08\0", b"<svg/>"] {
            assert!(!refused(broken).is_empty());
        }
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |it, _| (it >> 1) ^ (0xedb8_8320 * (it & 1)))
        })
    }
}
