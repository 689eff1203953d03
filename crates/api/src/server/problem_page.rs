//! `GET /problems/{code}`: the page that a problem's `type` points to.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use crate::http::language::{chosen_language, set_language};
use crate::problem::{Code, Problem};

/// What a problem code means, as a page.
#[get("/problems/{code}")]
pub async fn show(req: HttpRequest, code: Path<String>) -> Result<HttpResponse, Problem> {
    let known = Code::of(&code);
    let code = known.ok_or_else(|| Problem::new(Code::NotFound))?;
    set_language(&req);
    let language = chosen_language(&req);
    let (title, detail) = (code.title().text_in(language), code.detail().text_in(language));
    let page = format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <h1>{title}</h1><p>{detail}</p><p><code>{}</code> · HTTP {}</p></html>",
        code.as_str(),
        code.status().as_u16(),
    );
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page))
}
