//! Counts every API request against the limit of its session or address before anything else, and adds to every
//! response what is left of all limits.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use crate::auth;
use crate::auth::by_url::session_of_link;
use crate::limits::rates;
use crate::limits::rates::Rates;

pub async fn limit<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let rates = req.app_data::<Data<Rates>>().cloned();
    let of_token = auth::claims(req.request()).map(|it| it.sid);
    let session_id = of_token.or_else(|| session_of_link(req.request()));
    let refused = rates.and_then(|it| it.count_arrival(session_id, req.request()).err());
    let mut response = match refused {
        None => next.call(req).await?.map_into_left_body(),
        Some(problem) => {
            let (req, _) = req.into_parts();
            ServiceResponse::new(req, HttpResponse::from_error(problem)).map_into_right_body()
        }
    };
    let request = response.request().clone();
    rates::add_headers(&request, response.headers_mut());
    Ok(response)
}
