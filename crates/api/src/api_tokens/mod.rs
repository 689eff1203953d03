//! Personal tokens for scripts: narrower than their owner, and with an end.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
mod issue;
pub(crate) mod legacy_key;
pub(crate) mod list;
pub(crate) mod store;

use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api_tokens::store::ApiTokenRow;
use crate::http::scope::Scope;

/// A personal API token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiToken {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name that the owner gave the token.
    pub name: String,
    /// The scopes of the token, within the limits of the owner's role.
    pub scopes: Vec<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// When the token was last used, to the minute; null if never.
    pub last_used_at: Option<Timestamp>,
}

impl From<ApiTokenRow> for ApiToken {
    fn from(row: ApiTokenRow) -> Self {
        Self {
            scopes: row.scopes(),
            id: row.id,
            name: row.name,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
            last_used_at: row.last_used_at.map(Timestamp),
        }
    }
}
