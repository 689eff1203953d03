//! What a signed mail holds that is one file (S/MIME, `smime.p7m`): CMS (RFC 5652) in BER, as far as it leads to
//! the content. Whether the signature is good is not looked at: the mail server vouches for the sender.

/// The object identifiers of signed data and of data.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];

const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const EXPLICIT: u8 = 0xa0;

/// The maximum depth of nested elements.
const MAX_DEPTH: usize = 16;

/// The mail that was signed; none where it is something else, or encrypted.
pub fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    let content_info = inside(bytes, SEQUENCE)?;
    let signed = inside(after_oid(content_info, SIGNED_DATA)?, EXPLICIT)?;
    let signed = inside(signed, SEQUENCE)?;
    // The version, and the set of digest algorithms.
    let (_version, rest) = element(signed, 0)?;
    let (_digests, rest) = element(rest, 0)?;
    let content = inside(after_oid(inside(rest, SEQUENCE)?, DATA)?, EXPLICIT)?;
    let mut octets = Vec::new();
    collect(element(content, 0)?.0, &mut octets)?;
    Some(octets)
}

/// An element: its tag and what is in it.
#[derive(Debug, Clone, Copy)]
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

/// The first element, and what follows it.
fn element(bytes: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first().filter(|_| depth < MAX_DEPTH)?;
    let (length, rest) = rest.split_first()?;
    let length = match length {
        0x80 => {
            // Its end is marked: two zeros after its last element.
            let mut left = rest;
            while !left.starts_with(&[0, 0]) {
                left = element(left, depth + 1)?.1;
            }
            let content = rest.get(..rest.len() - left.len())?;
            return Some((Element { tag: *tag, content }, left.get(2..)?));
        }
        0..0x80 => return split(*tag, rest, usize::from(*length)),
        more => usize::from(more & 0x7f),
    };
    let (digits, rest) = rest.split_at_checked(length).filter(|_| length <= 4)?;
    let length = digits.iter().fold(0_usize, |sum, it| sum << 8 | usize::from(*it));
    split(*tag, rest, length)
}

fn split(tag: u8, rest: &[u8], length: usize) -> Option<(Element<'_>, &[u8])> {
    let (content, rest) = rest.split_at_checked(length)?;
    Some((Element { tag, content }, rest))
}

/// What is in the first element, if it is one of this kind.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (first, _) = element(bytes, 0)?;
    (first.tag == tag).then_some(first.content)
}

/// What follows an object identifier.
fn after_oid<'a>(bytes: &'a [u8], oid: &[u8]) -> Option<&'a [u8]> {
    let (first, rest) = element(bytes, 0)?;
    (first.tag == OID && first.content == oid).then_some(rest)
}

/// The bytes of a string that may come in pieces.
fn collect(string: Element<'_>, octets: &mut Vec<u8>) -> Option<()> {
    if string.tag == OCTETS {
        octets.extend(string.content);
        return Some(());
    }
    if string.tag != OCTETS_IN_PIECES {
        return None;
    }
    let mut rest = string.content;
    while !rest.is_empty() {
        let (piece, after) = element(rest, 0)?;
        // Pieces are never divided again.
        octets.extend(Some(piece.content).filter(|_| piece.tag == OCTETS)?);
        rest = after;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An element of a kind around others.
    fn of(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u8::try_from(content.len()).expect("a short one");
        [&[tag, 0x81, length], content.as_slice()].concat()
    }

    fn signed(string: &[u8]) -> Vec<u8> {
        let [signed, data] = [SIGNED_DATA, DATA].map(|it| of(OID, &[it]));
        let encapsulated = of(SEQUENCE, &[&data, &of(EXPLICIT, &[string])]);
        let body = of(SEQUENCE, &[&[2, 1, 1], &[0x31, 0], &encapsulated]);
        of(SEQUENCE, &[&signed, &of(EXPLICIT, &[&body])])
    }

    #[test]
    fn the_content_is_found_whole_and_in_pieces() {
        let whole = of(OCTETS, &[b"mail"]);
        let pieces: &[u8] = b"\x24\x80\x04\x02ma\x04\x02il\0\0";

        assert_eq!(signed_content(&signed(&whole)).as_deref(), Some(b"mail".as_slice()));
        assert_eq!(signed_content(&signed(pieces)).as_deref(), Some(b"mail".as_slice()));
        assert_eq!(signed_content(&signed(&[0x05, 0])), None);
        assert_eq!(signed_content(&[0x30, 0x80].repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = signed_content(&bytes);
        }
    }
}
