//! What to do about a media type that an operation does not accept or produce.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::{HttpMessage as _, HttpRequest};
use domain::Language;

use crate::http::operation::{AcceptedMedia, OfferedMedia};
use crate::problem::Code;

/// The advice for this operation; none if the general text of the code has to suffice.
pub fn advice(code: Code, req: &HttpRequest, language: Language) -> Option<String> {
    let extensions = req.extensions();
    if code == Code::NotAcceptable {
        return extensions.get().map(|OfferedMedia(media)| offered(media, language));
    }
    let AcceptedMedia(media) = extensions.get().filter(|_| code == Code::UnsupportedMediaType)?;
    Some(match req.headers() {
        it if !is_plain(it) => uncoded(language),
        it if has_foreign_charset(it, media) => in_utf_8(language),
        _ => accepted(media, language),
    })
}

/// Whether the body has no content coding.
pub fn is_plain(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(CONTENT_ENCODING);
    codings.all(|it| it.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Whether the media type is right but its character set is not.
fn has_foreign_charset(headers: &HeaderMap, accepted: &str) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let Some((media, parameters)) = sent.and_then(|it| it.split_once(';')) else { return false };
    let is_accepted = accepted.split(", ").any(|it| it.eq_ignore_ascii_case(media.trim()));
    is_accepted && parameters.to_ascii_lowercase().contains("charset=")
}

fn offered(media: &str, language: Language) -> String {
    match language {
        Language::Ru => format!("Операция отвечает в формате {media}: укажите его в Accept."),
        Language::Kk => {
            format!("Операция {media} пішімінде жауап береді: оны Accept-те көрсетіңіз.")
        }
        Language::En => format!("The operation responds with {media}: include it in Accept."),
    }
}

fn accepted(media: &str, language: Language) -> String {
    match language {
        Language::Ru => format!("Операция принимает {media}: укажите это в Content-Type."),
        Language::Kk => format!("Операция {media} қабылдайды: оны Content-Type-та көрсетіңіз."),
        Language::En => format!("The operation takes {media}: set Content-Type accordingly."),
    }
}

fn uncoded(language: Language) -> String {
    let text = match language {
        Language::Ru => "Content-Encoding не поддерживается: отправьте тело без сжатия.",
        Language::Kk => "Content-Encoding қолданылмайды: денені сығымдаусыз жіберіңіз.",
        Language::En => "Content-Encoding is not supported: send the body uncompressed.",
    };
    text.to_owned()
}

fn in_utf_8(language: Language) -> String {
    let text = match language {
        Language::Ru => "Кодировка в Content-Type не поддерживается: отправьте тело в UTF-8.",
        Language::Kk => {
            "Content-Type-тағы кодтамаға қолдау көрсетілмейді: денені UTF-8 түрінде жіберіңіз."
        }
        Language::En => "The charset in Content-Type is not supported: send the body in UTF-8.",
    };
    text.to_owned()
}
