//! Access tokens: short JWTs, HS256, a ring of keys by `kid`.

use chrono::{DateTime, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::JwtKey;
use crate::problem::Problem;

/// Who makes the tokens, and whom they are for.
pub(super) const ISSUER: &str = "helpdesk";
pub(super) const AUDIENCE: &str = "helpdesk-api";

/// The type of these tokens, so that no other kind can be used in their place (RFC 9068).
const TYPE: &str = "at+jwt";

/// The permitted clock skew, in seconds.
const LEEWAY: u64 = 30;

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    pub sub: String,
    /// The session it belongs to.
    pub sid: i64,
    jti: String,
    iat: i64,
    nbf: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

/// The ring of keys: the first signs, all verify.
pub struct Keys {
    ring: Vec<(String, EncodingKey, DecodingKey)>,
    lifetime: u32,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.ring.iter().map(|(kid, ..)| kid)).finish()
    }
}

impl Keys {
    /// A ring of keys whose tokens live for `lifetime` seconds.
    pub fn new(keys: &[JwtKey], lifetime: u32) -> Self {
        let ring = keys.iter().map(|it| {
            let key = it.key.reveal();
            (it.kid.clone(), EncodingKey::from_secret(key), DecodingKey::from_secret(key))
        });
        Self { ring: ring.collect(), lifetime }
    }

    /// The lifetime of a token, in seconds.
    pub const fn lifetime(&self) -> u32 {
        self.lifetime
    }

    /// A token for a session of a user.
    /// Errors: a ring without keys, or a failure of the signing library.
    pub fn sign(&self, user_id: i64, sid: i64, now: DateTime<Utc>) -> Result<String, Problem> {
        let iat = now.timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user_id.to_string(),
            sid,
            jti: format!("{:032x}", rand::random::<u128>()),
            iat,
            nbf: iat,
            exp: iat + i64::from(self.lifetime),
        };
        self.sign_as(TYPE, &claims)
    }

    /// A token of this kind, signed with the first key.
    /// Errors: as [`Keys::sign`].
    pub(super) fn sign_as(&self, kind: &str, claims: &impl Serialize) -> Result<String, Problem> {
        let (kid, key, _) = self.ring.first().ok_or_else(|| Problem::unexpected("no keys"))?;
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(kid.clone());
        header.typ = Some(kind.to_owned());
        encode(&header, claims, key).map_err(Problem::unexpected)
    }

    /// The claims of a token, if it was signed with one of the keys and is valid now.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        self.verify_as(TYPE, token)
    }

    /// The same for a token of this kind.
    pub(super) fn verify_as<T: DeserializeOwned>(&self, kind: &str, token: &str) -> Option<T> {
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(kind) {
            return None;
        }
        let kid = header.kid?;
        let (.., key) = self.ring.iter().find(|(known, ..)| *known == kid)?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = LEEWAY;
        rules.validate_nbf = true;
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        decode::<T>(token, key, &rules).ok().map(|it| it.claims)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::config::Secret;

    fn key(kid: &str, byte: u8) -> JwtKey {
        JwtKey { kid: kid.to_owned(), key: Secret::new(vec![byte; 32]) }
    }

    fn forged(
        kid: &str,
        byte: u8,
        typ: &str,
        algorithm: Algorithm,
        change: (&str, Value),
    ) -> String {
        let mut header = Header::new(algorithm);
        header.kid = Some(kid.to_owned());
        header.typ = Some(typ.to_owned());
        let now = Utc::now().timestamp();
        let mut claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "1", "sid": 1, "jti": "x",
            "iat": now, "nbf": now, "exp": now + 60,
        });
        claims[change.0] = change.1;
        let claims: serde_json::Map<String, Value> =
            serde_json::from_value(claims).expect("an object");
        let claims: serde_json::Map<String, Value> =
            claims.into_iter().filter(|(_, it)| !it.is_null()).collect();
        encode(&header, &claims, &EncodingKey::from_secret(&[byte; 32])).expect("a token")
    }

    /// TK01, TK02: only a token of our key, kind, issuer, audience and time is taken.
    #[test]
    fn sec_tk01_tk02_every_other_token_is_refused() {
        let keys = Keys::new(&[key("a", 1)], 60);
        let now = Utc::now().timestamp();
        let unchanged = ("sub", json!("1"));

        let good = forged("a", 1, TYPE, Algorithm::HS256, unchanged.clone());
        assert!(keys.verify(&good).is_some());

        for (what, token) in [
            ("other key", forged("a", 2, TYPE, Algorithm::HS256, unchanged.clone())),
            ("unknown kid", forged("../a", 1, TYPE, Algorithm::HS256, unchanged.clone())),
            ("other kind", forged("a", 1, "JWT", Algorithm::HS256, unchanged.clone())),
            ("other algorithm", forged("a", 1, TYPE, Algorithm::HS512, unchanged)),
            ("expired", forged("a", 1, TYPE, Algorithm::HS256, ("exp", json!(now - 31)))),
            ("not yet", forged("a", 1, TYPE, Algorithm::HS256, ("nbf", json!(now + 40)))),
            ("wrong issuer", forged("a", 1, TYPE, Algorithm::HS256, ("iss", json!("x")))),
            ("wrong audience", forged("a", 1, TYPE, Algorithm::HS256, ("aud", json!("x")))),
            ("no audience", forged("a", 1, TYPE, Algorithm::HS256, ("aud", Value::Null))),
            ("no issuer", forged("a", 1, TYPE, Algorithm::HS256, ("iss", Value::Null))),
            ("no subject", forged("a", 1, TYPE, Algorithm::HS256, ("sub", Value::Null))),
            ("no id", forged("a", 1, TYPE, Algorithm::HS256, ("jti", Value::Null))),
            ("no session", forged("a", 1, TYPE, Algorithm::HS256, ("sid", Value::Null))),
            ("no end", forged("a", 1, TYPE, Algorithm::HS256, ("exp", Value::Null))),
            ("no beginning", forged("a", 1, TYPE, Algorithm::HS256, ("nbf", Value::Null))),
            ("no birth", forged("a", 1, TYPE, Algorithm::HS256, ("iat", Value::Null))),
            ("altered", good.replace('.', "x.")),
            ("empty", String::new()),
        ] {
            assert!(keys.verify(&token).is_none(), "{what}");
        }
    }

    /// SV08: what was signed while the clock was fast is not valid before its time, and so not for longer
    /// than others; what was signed while it was slow ends by the clock that is right.
    #[test]
    fn sec_sv08_a_wrong_clock_makes_no_token_last_longer() {
        let keys = Keys::new(&[key("a", 1)], 60);
        let signed = |ahead: i64| {
            let then = Utc::now() + chrono::TimeDelta::seconds(ahead);
            keys.verify(&keys.sign(1, 1, then).expect("a token"))
        };

        assert!(signed(0).is_some() && signed(20).is_some() && signed(-80).is_some());
        assert!(signed(3600).is_none(), "a fast clock");
        assert!(signed(-3600).is_none(), "a slow clock");
    }

    /// TK07: during a rotation both keys are good; a removed one voids its tokens.
    #[test]
    fn sec_tk07_keys_rotate() {
        let (old, new) = (key("old", 1), key("new", 2));
        let token =
            Keys::new(std::slice::from_ref(&old), 60).sign(1, 1, Utc::now()).expect("a token");

        assert!(Keys::new(&[new.clone(), old], 60).verify(&token).is_some());
        assert!(Keys::new(&[new], 60).verify(&token).is_none());
    }
}
