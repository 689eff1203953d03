//! `GET /tickets/export`: all tickets of a list, as a table or line by line.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, VARY};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use utoipa::IntoParams;

use crate::db::{Database, Db};
use crate::figures::query::FigureQuery;
use crate::http::accept::preferred;
use crate::http::caller::Caller;
use crate::http::csv::{CSV_UTF_8, TEXT_CSV};
use crate::http::query::Query;
use crate::http::service::Service;
use crate::limits::slots::{Slot, Slots};
use crate::problem::{Code, Problem};
use crate::tickets::lists::export_rows::{Export, Format};
use crate::tickets::lists::filter::TicketFilter;
use crate::tickets::lists::words::{TicketList, TicketWords};
use crate::tickets::view::column::TicketColumn;

/// The maximum number of exports of a process at once, each on its own connection.
const AT_ONCE: u32 = 2;

/// Seconds after which to try again to start an export.
const RETRY: u32 = 30;

const NDJSON: &str = "application/x-ndjson";

/// The exports' own connections to the database, which take nothing from requests, and the running exports.
pub struct Exports {
    db: Arc<Db>,
    slots: Arc<Slots>,
}

impl Exports {
    pub fn new(database: &Database) -> Self {
        Self {
            db: Arc::new(Db::for_jobs(database, AT_ONCE)),
            slots: Arc::new(Slots::new(1, AT_ONCE as usize)),
        }
    }
}

/// What to show of each ticket.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// The columns of the table, in this order, comma-separated; if omitted, all of them.
    #[param(style = Form, explode = false, nullable = false, max_items = 30)]
    pub columns: Option<Vec<TicketColumn>>,
}

/// Export tickets
///
/// All tickets of `GET /tickets` with the same filters and words, as they are at one instant, in order of
/// their numbers, however many there are; with `q`, only the 1,000 newest that it finds. `Accept: text/csv` gets a
/// table for a spreadsheet (UTF-8, `;`, decimal commas, times of the calendar's zone, words in the caller's
/// language), `application/x-ndjson` a ticket a line, as lists have them, and then
/// `{"end": true, "count": n}`. If an export in NDJSON is cut off, this line is missing; if a table is cut
/// off, the connection breaks. One export per user and two per process run at a time; more get 429.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_export",
    params(ExportQuery, TicketFilter, TicketWords, FigureQuery),
    responses((status = 200, description = "The tickets", content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
    ))),
)]
#[get("/tickets/export")]
pub async fn export(
    req: HttpRequest,
    exports: Data<Exports>,
    service: Data<Service>,
    caller: Caller,
    Query(query): Query<ExportQuery>,
    Query(tickets): Query<TicketList>,
    Query(figure): Query<FigureQuery>,
) -> Result<HttpResponse, Problem> {
    let media = preferred(&req, &[TEXT_CSV, NDJSON]).ok_or(Problem::new(Code::NotAcceptable))?;
    let figure = figure.condition(&caller)?;
    tickets.check_query()?;
    let place = exports
        .slots
        .enter(caller.user_id)
        .map_err(|_| Problem { retry_after: Some(RETRY), ..Problem::new(Code::TooManyRequests) })?;
    let is_table = media == TEXT_CSV;
    let (media, name) =
        if is_table { (CSV_UTF_8, "tickets.csv") } else { (NDJSON, "tickets.ndjson") };
    let format = match is_table {
        true => Format::Table(query.columns.unwrap_or_else(|| TicketColumn::ALL.to_vec())),
        false => Format::Lines,
    };
    let (pipe, chunks) = mpsc::channel(1);
    let export = Export {
        tickets,
        figure,
        caller,
        format,
        stall: service.stall,
        runtime: Handle::current(),
        pipe,
    };
    let db = Arc::clone(&exports.db);
    std::thread::spawn(move || {
        if let Err(problem) = db.transaction_here(|conn| export.run(place, conn)) {
            log::warn!("an export ended early: {problem}");
        }
    });
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(Chunks { chunks, is_whole: false }))
}

/// What an export sends.
pub enum Chunk {
    Rows(Bytes),
    /// The end of the export. Its slot is free before the reader learns of it, so that the next one can begin at once.
    End(Slot),
}

/// The body of the response: the chunks as they come. Without the last chunk it breaks the connection, so that
/// nobody takes it for complete.
struct Chunks {
    chunks: mpsc::Receiver<Chunk>,
    is_whole: bool,
}

impl MessageBody for Chunks {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.is_whole {
            return Poll::Ready(None);
        }
        self.chunks.poll_recv(context).map(|chunk| match chunk {
            Some(Chunk::Rows(bytes)) => Some(Ok(bytes)),
            Some(Chunk::End(place)) => {
                drop(place);
                self.is_whole = true;
                None
            }
            None => Some(Err(std::io::Error::other("the export ended early"))),
        })
    }
}
