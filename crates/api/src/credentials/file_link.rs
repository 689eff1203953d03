//! Links by which a browser reads one file without headers, for minutes.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::credentials::token::{AUDIENCE, ISSUER, Keys};
use crate::http::caller::GrantedBy;
use crate::problem::Problem;

/// The type of these tokens, so that no other kind can be used in their place.
const TYPE: &str = "file-link+jwt";

/// How long a link works. A download that has begun goes on.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// What a link says: whose it is, what it was made with, and which file it opens.
#[derive(Debug, Serialize, Deserialize)]
pub struct FileLink {
    iss: String,
    aud: String,
    sub: String,
    nbf: i64,
    exp: i64,
    /// The session or API token that has to be valid still when the link is used.
    pub granted_by: GrantedBy,
    pub attachment_id: i64,
}

impl FileLink {
    pub fn new(
        user_id: i64,
        granted_by: GrantedBy,
        attachment_id: i64,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user_id.to_string(),
            nbf: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            granted_by,
            attachment_id,
        }
    }

    /// The link as it was signed, if it is valid now.
    pub fn verified(token: &str, keys: &Keys) -> Option<Self> {
        keys.verify_as(TYPE, token)
    }

    /// Errors: as [`Keys::sign`].
    pub fn signed(&self, keys: &Keys) -> Result<String, Problem> {
        keys.sign_as(TYPE, self)
    }

    pub fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.exp, 0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{JwtKey, Secret};

    /// TK02: a link is not an access token, an access token is not a link, and neither outlives its end.
    #[test]
    fn sec_tk02_a_link_opens_its_file_and_nothing_else() {
        let key = JwtKey { kid: "a".to_owned(), key: Secret::new(vec![1; 32]) };
        let keys = Keys::new(&[key], 60);
        let link = |made_at| FileLink::new(7, GrantedBy::Session(3), 9, made_at);
        let signed = link(Utc::now()).signed(&keys).expect("a link");
        let expired = link(Utc::now() - TimeDelta::minutes(6)).signed(&keys).expect("a link");
        let access = keys.sign(7, 3, Utc::now()).expect("a token");

        let read = FileLink::verified(&signed, &keys).expect("valid");
        assert_eq!((read.attachment_id, read.granted_by), (9, GrantedBy::Session(3)));
        assert!(keys.verify(&signed).is_none());
        assert!(FileLink::verified(&access, &keys).is_none());
        assert!(FileLink::verified(&expired, &keys).is_none());
        assert!(FileLink::verified(&format!("{signed}x"), &keys).is_none());
    }
}
