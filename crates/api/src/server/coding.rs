//! The codings of compressed responses, each at a level that costs less than the bytes it saves.

use std::io;
use std::io::Write as _;

use actix_web::http::header::Encoding;
use actix_web::web::Bytes;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Zstd,
    Brotli,
    Gzip,
}

impl Coding {
    pub const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// As HTTP calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    pub fn encoding(self) -> Encoding {
        match self {
            Self::Zstd => Encoding::zstd(),
            Self::Brotli => Encoding::brotli(),
            Self::Gzip => Encoding::gzip(),
        }
    }

    /// The body in this coding; `None` if compression fails, which is not expected of any of the three.
    pub fn compress(self, plain: &[u8]) -> Option<Bytes> {
        let compressed = match self {
            Self::Zstd => zstd::bulk::compress(plain, ZSTD_LEVEL),
            Self::Brotli => brotli_of(plain),
            Self::Gzip => gzip_of(plain),
        };
        compressed.ok().map(Bytes::from)
    }
}

/// Of 1 to 22.
const ZSTD_LEVEL: i32 = 3;

/// Of 0 to 11; from 5 on it costs more than it saves.
const BROTLI_LEVEL: i32 = 3;

/// About as much as JSON takes once it is compressed.
fn room_for(plain: &[u8]) -> Vec<u8> {
    Vec::with_capacity(plain.len() / 4)
}

fn gzip_of(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(room_for(plain), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

fn brotli_of(plain: &[u8]) -> io::Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: BROTLI_LEVEL,
        size_hint: plain.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = room_for(plain);
    brotli::BrotliCompress(&mut &*plain, &mut compressed, &params)?;
    Ok(compressed)
}
