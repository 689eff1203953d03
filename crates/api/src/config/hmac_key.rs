//! The key of the history's hash chain (HMAC-SHA256, RFC 2104).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The block of SHA-256, bytes.
const BLOCK: usize = 64;

/// What stands before the key where its fingerprint is taken.
const FINGERPRINT: &str = "helpdesk/history-key";

/// The key of the history's hash chain, as HMAC takes it; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct HmacKey {
    key: Vec<u8>,
}

impl HmacKey {
    /// A key of any length; one that is longer than a block is hashed first.
    pub fn new(key: &[u8]) -> Self {
        let key = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
        Self { key }
    }

    /// By what a key is known again without being known.
    pub fn fingerprint(&self) -> Vec<u8> {
        Sha256::new().chain_update(FINGERPRINT).chain_update(&self.key).finalize().to_vec()
    }

    /// The keyed hash of a message.
    pub fn mac(&self, message: &str) -> Vec<u8> {
        let inner = Sha256::new().chain_update(self.padded(0x36)).chain_update(message).finalize();
        Sha256::new().chain_update(self.padded(0x5c)).chain_update(inner).finalize().to_vec()
    }

    /// The inner and the outer padded key in base64, for the sessions that write events.
    pub fn pads(&self) -> [String; 2] {
        [0x36, 0x5c].map(|pad| STANDARD.encode(self.padded(pad)))
    }

    fn padded(&self, pad: u8) -> [u8; BLOCK] {
        let mut block = [pad; BLOCK];
        block.iter_mut().zip(&self.key).for_each(|(byte, key)| *byte ^= key);
        block
    }
}

impl std::fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|it| format!("{it:02x}")).collect()
    }

    /// RFC 4231, cases 2 and 6: a short key, and one that is longer than a block.
    #[test]
    fn the_hash_is_that_of_the_standard() {
        let short = HmacKey::new(b"Jefe").mac("what do ya want for nothing?");
        let long = HmacKey::new(&[0xaa; 131])
            .mac("Test Using Larger Than Block-Size Key - Hash Key First");

        assert_eq!(hex(&short), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_eq!(hex(&long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}
