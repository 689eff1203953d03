//! `GET` and `PUT /me/notification-settings`: which notifications I want, and how.

use actix_web::web::Json;
use actix_web::{get, put};
use diesel::prelude::*;
use domain::NotificationKind;
use domain::notifications::Channels;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::schema::notification_settings;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::notifications::store::Choices;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// How a kind of notification is delivered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct NotificationWays {
    /// By e-mail.
    pub email: bool,
    /// In the inbox.
    pub inbox: bool,
    /// Collect into one e-mail, sent when the next working day opens, what neither concerns your own
    /// tickets nor names you; without `email` it has no effect.
    #[serde(default)]
    #[schema(default = false)]
    pub digest: bool,
}

/// The kinds of notifications, each once: its member in the API and what it is.
macro_rules! kinds {
    ($($(#[$note:meta])* $member:ident = $kind:ident,)+) => {
        /// Which notifications you receive, and how.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct NotificationSettings { $($(#[$note])* pub $member: NotificationWays,)+ }

        /// Which notifications you want to receive, and how; a kind that is left out is
        /// reset to its default.
        #[derive(Debug, Clone, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(example = json!({ "edited": { "email": false, "inbox": true } }))]
        pub struct NotificationSettingsPut {
            $($(#[$note])* #[schema(nullable = false)] pub $member: Option<NotificationWays>,)+
        }

        impl NotificationSettings {
            fn new(channels: impl Fn(NotificationKind) -> Channels) -> Self {
                Self { $($member: channels(NotificationKind::$kind).into(),)+ }
            }
        }

        impl NotificationSettingsPut {
            fn chosen(&self) -> Vec<(NotificationKind, NotificationWays)> {
                let all = [$((NotificationKind::$kind, self.$member),)+];
                all.into_iter().filter_map(|(kind, channels)| Some((kind, channels?))).collect()
            }
        }
    };
}

kinds! {
    /// A ticket was created of which you are the author, the assignee or a watcher.
    ticket_created = TicketCreated,
    /// An unassigned ticket was created in one of your directions (engineers).
    new_in_direction = NewInDirection,
    /// A request in one of your directions was refused and waits for a decision (engineers, 3.4).
    request_refused = RequestRefused,
    /// An engineer confirmed that a request of yours is not registered (3.4).
    refusal_decided = RefusalDecided,
    /// The status of one of your tickets changed, or its solution was confirmed.
    status_changed = StatusChanged,
    /// Somebody commented on one of your tickets.
    commented = Commented,
    /// One of your tickets was assigned or unassigned.
    assigned = Assigned,
    /// The fields of one of your tickets were edited.
    edited = Edited,
    /// You became a watcher of a ticket.
    watched = Watched,
    /// A deadline of one of your tickets is near, or was missed.
    deadline = Deadline,
    /// One of your tickets waits for you, or for a review.
    reminder = Reminder,
    /// A release that one of your tickets waits for was rescheduled or published.
    release = Release,
    /// A webhook that you are responsible for was disabled (its owner; admins).
    webhook_disabled = WebhookDisabled,
}

impl From<Channels> for NotificationWays {
    fn from(channels: Channels) -> Self {
        Self { email: channels.email, inbox: channels.inbox, digest: channels.digest }
    }
}

/// Get notification settings
///
/// For each kind of notification: whether it is sent by e-mail, whether it appears in the inbox, and whether
/// it is collected into a digest.
#[utoipa::path(
    tag = "me",
    operation_id = "me_notification_settings_get",
    responses((status = 200, description = "The notification settings", body = NotificationSettings)),
)]
#[get("/me/notification-settings")]
pub async fn get(db: RequestDb, caller: Caller) -> Result<Json<NotificationSettings>, Problem> {
    Ok(Json(db.run(move |conn| Ok(load(caller.user_id, conn)?)).await?))
}

/// Update notification settings
///
/// Replaces all previous choices: a kind that is left out is reset to its default. E-mails that are
/// already waiting are not sent if they are no longer wanted.
#[utoipa::path(
    tag = "me",
    operation_id = "me_notification_settings_update",
    params(IfMatch),
    request_body = NotificationSettingsPut,
    responses((status = 200, description = "The updated notification settings", body = NotificationSettings)),
)]
#[put("/me/notification-settings")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    if_match: IfMatch,
    Valid(settings): Valid<NotificationSettingsPut>,
) -> Result<WithEtag<NotificationSettings>, Problem> {
    let work = move |conn: &mut _| {
        UserRow::lock_self(caller.user_id, conn)?;
        if_match.check_present(&load(caller.user_id, conn)?)?;
        replace(caller.user_id, &settings.chosen(), conn)?;
        Ok(load(caller.user_id, conn)?)
    };
    Ok(WithEtag::unversioned(db.transaction(work).await?))
}

fn load(user_id: i64, conn: &mut PgConnection) -> QueryResult<NotificationSettings> {
    let choices = Choices::of(&[user_id], conn)?;
    Ok(NotificationSettings::new(|kind| choices.channels(user_id, kind)))
}

fn replace(
    user_id: i64,
    chosen: &[(NotificationKind, NotificationWays)],
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    use notification_settings as of;

    diesel::delete(of::table.filter(of::user_id.eq(user_id))).execute(conn)?;
    let rows: Vec<_> = chosen
        .iter()
        .map(|(kind, channels)| {
            (
                of::user_id.eq(user_id),
                of::kind.eq(DbEnum(*kind)),
                of::email.eq(channels.email),
                of::inbox.eq(channels.inbox),
                of::digest.eq(channels.digest),
            )
        })
        .collect();
    diesel::insert_into(of::table).values(rows).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_chosen() {
        let shown = NotificationSettings::new(NotificationKind::default_channels);
        let shown = serde_json::to_value(shown).expect("settings are JSON");
        let members = shown.as_object().expect("an object").keys().map(String::as_str);

        let kinds: Vec<&str> = NotificationKind::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(members.collect::<Vec<_>>(), kinds);
    }
}
