//! `GET /events/stream`: the feed as it grows (server-sent events).

use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::Payload;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, rt};
use domain::{FieldCode, JsonType};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use utoipa::IntoParams;

use crate::auth;
use crate::db::is_outage;
use crate::events::reader::Reader;
use crate::events::view::Event;
use crate::events::{feed, sequence};
use crate::feed::streams::{News, Slot, Streams};
use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::Problem;

/// The maximum number of events that are held for a stream.
const BATCH_SIZE: i64 = 25;

/// The maximum size of a chunk, in bytes, unless a single event is larger.
const MAX_CHUNK: usize = 16 * 1024;

/// The interval of heartbeats on a stream without events.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The pause after reading the feed to its end: events in quick succession are sent together.
const BATCH_PAUSE: Duration = Duration::from_millis(100);

/// How long a stream pauses when the database does not respond.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Tells readers how many milliseconds to wait before reconnecting.
const RETRY: &str = "retry: 3000\n\n";

const LAST_EVENT_ID: &str = "Last-Event-ID";

/// Where to begin, and on whose behalf.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// The `position` of the last event that was read; `Last-Event-ID` takes precedence.
    #[param(minimum = 0, nullable = false)]
    pub after: Option<i64>,
    /// What `POST /events/stream-ticket` returned, in place of `Authorization`.
    #[param(max_length = 100, nullable = false)]
    #[expect(dead_code, reason = "it is read before the handler runs")]
    pub ticket: Option<String>,
}

/// The position of the last event that a reconnecting reader has.
#[derive(Debug, Clone, Copy)]
pub struct LastEventId(Option<i64>);

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(header) = req.headers().get(LAST_EVENT_ID).filter(|it| !it.is_empty()) else {
            return ready(Ok(Self(None)));
        };
        let number: Option<i64> = header.to_str().ok().and_then(|it| it.parse().ok());
        let position = match number {
            None => Err(FieldCode::WrongType(vec![JsonType::Integer])),
            Some(..0) => Err(FieldCode::TooSmall(0)),
            Some(it) => Ok(Self(Some(it))),
        };
        ready(position.map_err(|code| Problem::malformed_header(LAST_EVENT_ID, code)))
    }
}

/// Stream events
///
/// The feed of `GET /events` as server-sent events: `id` is the event's `position`, `event` its
/// type, `data` the event itself, on one line. The stream continues after `Last-Event-ID` or
/// `after`, or without either begins now; the first `id`, which has no event, says where. A comment every
/// 15 seconds keeps it alive. It ends when the token expires, when the account or its rights change, and
/// when the service stops: reconnect with a fresh token and the position of the last event, and nothing is
/// missed. A user may have ten streams. The `EventSource` of browsers cannot send a token: give it the URL of
/// `POST /events/stream-ticket`, or read the stream with `fetch`.
#[utoipa::path(
    tag = "events",
    operation_id = "events_stream",
    params(
        StreamQuery,
        ("Last-Event-ID" = Option<i64>, Header, minimum = 0, nullable = false,
            description = "The `position` of the last event that was read"),
    ),
    responses((
        status = 200, description = "Events as they happen, without an end",
        content_type = "text/event-stream", body = String,
        example = "id: 1041\nretry: 3000\n\nid: 1042\nevent: ticket.commented\n\
            data: {\"id\":1057,\"position\":1042,\"type\":\"ticket.commented\",\"at\":\"2026-11-24T05:12:01.000Z\",\
            \"actor\":{\"id\":7,\"name\":\"Айгуль Омарова\"},\"ticket_id\":318,\"changes\":{},\
            \"comment_id\":911}\n\n:\n\n",
    ),
    ),
)]
#[get("/events/stream")]
pub async fn stream(
    req: HttpRequest,
    db: RequestDb,
    service: Data<Service>,
    streams: Data<Streams>,
    caller: Caller,
    last: LastEventId,
    Query(query): Query<StreamQuery>,
) -> Result<HttpResponse, Problem> {
    let slot = streams.enter(caller.user_id)?;
    let after = match last.0.or(query.after) {
        Some(after) => after,
        None => db.run(sequence::now).await?,
    };
    let (pipe, chunks) = mpsc::channel(1);
    let ends_in = auth::remaining(&req);
    let ends_at = ends_in.map(|it| Instant::now() + it);
    let stream = Stream { db, slot, caller, after, ends_at, stall: service.stall, pipe };
    rt::spawn(stream.run());
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .body(Chunks(chunks)))
}

/// A stream that somebody reads.
struct Stream {
    db: RequestDb,
    slot: Slot,
    caller: Caller,
    /// The position of the last event that was sent.
    after: i64,
    /// When the token ends; none: the database knows.
    ends_at: Option<Instant>,
    /// How long its reader may stall before the connection is closed.
    stall: Duration,
    pipe: mpsc::Sender<Bytes>,
}

/// The stream has ended: its reader went away, or is no longer permitted.
struct StreamEnded;

impl Stream {
    async fn run(mut self) {
        // Whatever the cause, the reader notices by the end of the body.
        let _ = self.follow().await;
    }

    async fn follow(&mut self) -> Result<(), StreamEnded> {
        // So that a reader whose connection breaks before the first event can continue from here.
        self.send(format!("id: {}\n{RETRY}", self.after)).await?;
        let mut sent_at = Instant::now();
        loop {
            if *self.slot.bell.borrow_and_update() == News::End {
                return self.send(RETRY.to_owned()).await;
            }
            if self.ends_at.is_some_and(|it| it <= Instant::now()) {
                return Err(StreamEnded);
            }
            let looked_at = Instant::now();
            let events = match self.next().await {
                Ok(events) => events.ok_or(StreamEnded)?,
                Err(problem) => {
                    if !is_outage(&problem) {
                        log::warn!("an event stream is waiting: {problem}");
                    }
                    tokio::time::sleep(RETRY_PAUSE).await;
                    continue;
                }
            };
            if !events.is_empty() {
                self.send_events(&events).await?;
                sent_at = Instant::now();
            }
            if events.len() as i64 == BATCH_SIZE {
                continue;
            }
            if self.wait(looked_at + BATCH_PAUSE, sent_at + HEARTBEAT).await? {
                self.send(":\n\n".to_owned()).await?;
                sent_at = Instant::now();
            }
        }
    }

    /// The next events; none for a reader who is no longer permitted.
    async fn next(&self) -> Result<Option<Vec<Event>>, Problem> {
        let (caller, after) = (self.caller.clone(), self.after);
        let work = move |conn: &mut _| {
            if !auth::callers::is_unchanged(&caller, conn)? {
                return Ok(None);
            }
            feed::after(after, BATCH_SIZE, &Reader::from(&caller), conn).map(Some)
        };
        self.db.run(work).await
    }

    async fn send_events(&mut self, events: &[Event]) -> Result<(), StreamEnded> {
        let mut chunk = String::new();
        for event in events {
            // A text in JSON has no line breaks of its own.
            let data = serde_json::to_string(event).map_err(|_| StreamEnded)?;
            let (position, kind) = (event.position.unwrap_or(self.after), event.r#type.as_str());
            if !chunk.is_empty() && chunk.len() + data.len() > MAX_CHUNK {
                self.send(std::mem::take(&mut chunk)).await?;
            }
            chunk += &format!("id: {position}\nevent: {kind}\ndata: {data}\n\n");
            self.after = position;
        }
        self.send(chunk).await
    }

    /// Sends a chunk; a reader that does not take it is dropped.
    async fn send(&self, chunk: String) -> Result<(), StreamEnded> {
        let sent = timeout(self.stall, self.pipe.send(Bytes::from(chunk))).await;
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(StreamEnded) }
    }

    /// Waits for events, not before `earliest`; returns whether a heartbeat is due instead.
    async fn wait(&mut self, earliest: Instant, heartbeat: Instant) -> Result<bool, StreamEnded> {
        let ends_at = self.ends_at;
        let end = async {
            match ends_at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let bell = &mut self.slot.bell;
        let news = async {
            sleep_until(earliest).await;
            bell.changed().await
        };
        tokio::select! {
            news = news => news.map(|()| false).map_err(|_| StreamEnded),
            () = sleep_until(heartbeat) => Ok(true),
            () = end => Err(StreamEnded),
            () = self.pipe.closed() => Err(StreamEnded),
        }
    }
}

/// The body of the response: the chunks as they come.
struct Chunks(mpsc::Receiver<Bytes>);

impl MessageBody for Chunks {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.0.poll_recv(context).map(|it| it.map(Ok))
    }
}
