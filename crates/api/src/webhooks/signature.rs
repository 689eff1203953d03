//! How messages are signed (Standard Webhooks): HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::config::hmac_key::HmacKey;

/// What a secret begins with where it is shown.
const PREFIX: &str = "whsec_";

/// A new secret: 256 random bits.
pub fn new_secret() -> Vec<u8> {
    rand::random::<[u8; 32]>().to_vec()
}

/// A secret as it is shown.
pub fn shown(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature`: one signature for each valid secret, separated by spaces.
pub fn signatures(secrets: &[&[u8]], id: &str, at: DateTime<Utc>, body: &str) -> String {
    let message = format!("{id}.{}.{body}", at.timestamp());
    let signed = secrets.iter().map(|secret| {
        // The chain of events uses the same HMAC-SHA256.
        format!("v1,{}", STANDARD.encode(HmacKey::new(secret).mac(&message)))
    });
    signed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard's own documentation.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let at = DateTime::from_timestamp(1_614_265_330, 0).expect("a time");
        let signed =
            signatures(&[&secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#);

        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// While a secret is being replaced, the new and the old one both sign.
    #[test]
    fn two_secrets_make_two_signatures() {
        let secrets = [new_secret(), new_secret()];
        let signed = signatures(&[&secrets[0], &secrets[1]], "msg_1", Utc::now(), "{}");

        assert_eq!(signed.split(' ').filter(|it| it.starts_with("v1,")).count(), 2);
        assert!(shown(&secrets[0]).starts_with("whsec_") && secrets[0] != secrets[1]);
    }
}
