//! The files of a stored mail, for the comment or ticket that support creates from it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use domain::Visibility;

use crate::config::Quota;
use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::service::Service;
use crate::idempotency::idempotent::Idempotent;
use crate::inbound::files::{Files, MailFileStore};
use crate::inbound::unused::{UnusedRow, files, raw};
use crate::problem::Problem;
use crate::storage::Storage;

/// Where the files of mails are stored.
pub struct MailFileStorage {
    db: Data<Db>,
    storage: Data<Storage>,
    service: Data<Service>,
}

impl FromRequest for MailFileStorage {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts = || {
            Some(Self {
                db: req.app_data::<Data<Db>>()?.clone(),
                storage: req.app_data::<Data<Storage>>()?.clone(),
                service: req.app_data::<Data<Service>>()?.clone(),
            })
        };
        ready(parts().ok_or_else(|| Problem::unexpected("the service is not put together")))
    }
}

impl MailFileStorage {
    /// Stores the files of a mail as uploads of `writer`, before anything is locked; for the ticket
    /// `to`, or for a new one.
    pub async fn store_files(
        self,
        once: &Idempotent,
        mail: &UnusedRow,
        to: Option<(i64, Visibility)>,
        writer: &Caller,
    ) -> Result<Files, Problem> {
        let (mail, writer) = (mail.clone(), writer.clone());
        once.compute(move || {
            let raw = self.db.transaction_here(|conn| Ok(raw(mail.id, conn)?))?;
            let (mailed, missing) = files(&mail, raw);
            let file_store = MailFileStore {
                db: &self.db,
                storage: &self.storage,
                upload_limit: self.service.upload_limit,
                quota: Quota::Off,
            };
            let mut files = Files::store_all(&mailed, &mail.subject, to, &writer, file_store)?;
            files.left_out.extend(missing);
            Ok(files)
        })
        .await?
    }
}
