//! Keys with which the service signs what it writes, and recognises it again: HMAC-SHA256 (RFC 2104).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// The block size of SHA-256, in bytes.
const BLOCK: usize = 64;

/// The prefix of the key in its fingerprint.
const FINGERPRINT: &str = "helpdesk/history-key";

/// A key; never printed.
#[derive(Clone)]
pub struct HmacKey {
    mac: Hmac<Sha256>,
    fingerprint: Vec<u8>,
}

impl HmacKey {
    /// A key of any length; one longer than a block is hashed first.
    pub fn new(key: &[u8]) -> Self {
        let digest = Sha256::digest(key);
        let key = if key.len() > BLOCK { digest.as_slice() } else { key };
        let mut block = [0; BLOCK];
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        let fingerprint = Sha256::new().chain_update(FINGERPRINT).chain_update(key).finalize();
        Self { mac: Hmac::new(&block.into()), fingerprint: fingerprint.to_vec() }
    }

    /// Identifies a key without revealing it.
    pub fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    /// The keyed hash of a message.
    pub fn mac(&self, message: &str) -> Vec<u8> {
        self.mac.clone().chain_update(message).finalize().into_bytes().to_vec()
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
