//! `winmail.dat` (TNEF, [MS-OXTNEF]): the files that Outlook packs into one, and the text beside them.
//! No crate for it is maintained; it is a list of attributes with their lengths.

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

use crate::inbound::mime::charset::decode;

/// The first bytes of every such file.
const MAGIC: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];

const BODY: u16 = 0x800c;
const ATTACH_DATA: u16 = 0x800f;
const ATTACH_TITLE: u16 = 0x8010;
const ATTACH_BEGINS: u16 = 0x9002;
const ATTACH_PROPERTIES: u16 = 0x9005;
const CODE_PAGE: u16 = 0x9007;

/// The property with the long file name instead of the 8.3 one.
const LONG_NAME: u16 = 0x3707;

#[derive(Debug, Default)]
pub struct Unpacked {
    pub text: String,
    pub files: Vec<(String, Vec<u8>)>,
}

/// Unpacks a file of this format; none for any other.
pub fn unpack(bytes: &[u8]) -> Option<Unpacked> {
    let mut rest = bytes.strip_prefix(&MAGIC)?.get(2..)?;
    let (mut found, mut code_page) = (Unpacked::default(), "windows-1251".to_owned());
    while let Some((id, value, next)) = attribute(rest) {
        rest = next;
        let text = |bytes: &[u8]| decode(until_nul(bytes), Some(&code_page));
        match id {
            CODE_PAGE => {
                if let Some(number) = number(value) {
                    code_page = format!("windows-{number}");
                }
            }
            BODY => found.text = text(value),
            ATTACH_BEGINS => found.files.push(Default::default()),
            ATTACH_TITLE | ATTACH_DATA | ATTACH_PROPERTIES => {
                let Some((name, content)) = found.files.last_mut() else { continue };
                match id {
                    ATTACH_TITLE if name.is_empty() => *name = text(value),
                    ATTACH_DATA => *content = value.to_vec(),
                    ATTACH_PROPERTIES => {
                        if let Some(long) = long_name(value, &code_page) {
                            *name = long;
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    (!found.files.is_empty() || !found.text.is_empty()).then_some(found)
}

/// The next attribute: its id, its value, and what follows.
fn attribute(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let head = bytes.get(..9)?;
    let id = u16::from_le_bytes([head[1], head[2]]);
    let length = number(&head[5..])? as usize;
    let value = bytes.get(9..9_usize.checked_add(length)?)?;
    // Two bytes of a checksum follow.
    Some((id, value, bytes.get(9 + length + 2..).unwrap_or_default()))
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?))
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|it| *it == 0).next().unwrap_or_default()
}

/// The whole name among the properties of a file.
fn long_name(mut bytes: &[u8], code_page: &str) -> Option<String> {
    let mut take = |count: usize| {
        let taken = bytes.get(..count)?;
        bytes = &bytes[count..];
        Some(taken)
    };
    let count = number(take(4)?)?;
    for _ in 0..count {
        let head = take(4)?;
        let (kind, id) =
            (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        if id >= 0x8000 {
            take(16)?;
            if number(take(4)?)? == 0 {
                take(4)?;
            } else {
                let length = number(take(4)?)? as usize;
                take(length.next_multiple_of(4))?;
            }
        }
        let is_many = kind & 0x1000 != 0;
        let values = if is_many { number(take(4)?)? } else { 1 };
        for _ in 0..values {
            match kind & !0x1000 {
                0x02 | 0x03 | 0x04 | 0x0a | 0x0b => take(4)?,
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => take(8)?,
                0x48 => take(16)?,
                0x0d | 0x1e | 0x1f | 0x102 => {
                    if !is_many {
                        take(4)?;
                    }
                    let length = number(take(4)?)? as usize;
                    let value = take(length.next_multiple_of(4))?.get(..length)?;
                    if id == LONG_NAME {
                        return Some(match kind {
                            0x1f => {
                                decode(value, Some("utf-16le")).trim_end_matches('\0').to_owned()
                            }
                            _ => decode(until_nul(value), Some(code_page)),
                        });
                    }
                    value
                }
                _ => return None,
            };
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(id: u16, value: &[u8]) -> Vec<u8> {
        let length = u32::try_from(value.len()).expect("a length").to_le_bytes();
        [&[2][..], &id.to_le_bytes(), &[0, 0], &length, value, &[0, 0]].concat()
    }

    #[test]
    fn what_outlook_packs_is_unpacked() {
        let mut properties = vec![1, 0, 0, 0, 0x1f, 0, 0x07, 0x37, 1, 0, 0, 0, 12, 0, 0, 0];
        properties.extend("лог.1".encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
        let packed = [
            MAGIC.to_vec(),
            vec![1, 0],
            attribute(CODE_PAGE, &[0xe3, 4, 0, 0, 0, 0, 0, 0]),
            attribute(BODY, b"\xcf\xee\xf0\xf2\0"),
            attribute(ATTACH_BEGINS, &[0; 14]),
            attribute(ATTACH_TITLE, b"LOG~1\0"),
            attribute(ATTACH_DATA, b"12:01 down"),
            attribute(ATTACH_PROPERTIES, &properties),
        ]
        .concat();

        let found = unpack(&packed).expect("a file of this form");

        assert_eq!(found.text, "Порт");
        assert_eq!(found.files, [("лог.1".to_owned(), b"12:01 down".to_vec())]);
        for end in 0..packed.len() {
            let _ = unpack(&packed[..end]);
        }
        assert!(unpack(b"PK").is_none());
    }
}
