//! The language of a response.

use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpMessage as _, HttpRequest};
use domain::Language;

use crate::http::caller::Caller;

/// The language that the texts of a response are in.
#[derive(Debug, Clone, Copy)]
struct Spoken(Language);

/// Decides that the response is in the chosen language; it will say so in `Content-Language`.
pub fn set_language(req: &HttpRequest) {
    let language = chosen_language(req);
    req.extensions_mut().insert(Spoken(language));
}

/// Decides that the response, which is replayed, is in the language of the original.
pub fn set_replayed(req: &HttpRequest, language: Language) {
    let mut extensions = req.extensions_mut();
    if let Some(spoken) = extensions.get_mut::<Spoken>() {
        *spoken = Spoken(language);
    }
}

/// The language of the response; none if it has no texts of the service.
pub fn spoken_language(req: &HttpRequest) -> Option<Language> {
    req.extensions().get::<Spoken>().map(|it| it.0)
}

/// The requested language, else the person's own, else Russian.
pub fn chosen_language(req: &HttpRequest) -> Language {
    let header = req.headers().get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    header
        .and_then(preferred)
        .or_else(|| req.extensions().get::<Caller>().map(|it| it.language))
        .unwrap_or(Language::Ru)
}

fn preferred(header: &str) -> Option<Language> {
    let ranges = header.split(',').enumerate().filter_map(|(place, range)| {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next()?.to_ascii_lowercase();
        let language = tag.split('-').next()?.parse::<Language>().ok()?;
        let weight = parts.find_map(|it| it.strip_prefix("q=")).unwrap_or("1").parse::<f32>();
        Some((weight.unwrap_or(0.0), place, language))
    });
    let wanted = ranges.filter(|(weight, ..)| *weight > 0.0);
    let best = wanted.min_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    best.map(|(.., language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    #[test]
    fn the_language_with_the_greatest_weight_is_chosen() {
        assert_eq!(preferred("kk"), Some(Language::Kk));
        assert_eq!(preferred("fr, en;q=0.5, ru;q=0.7"), Some(Language::Ru));
        assert_eq!(preferred("en-GB, ru"), Some(Language::En));
        assert_eq!(preferred("de, *;q=0.1"), None);
        assert_eq!(preferred("ru;q=0, kk;q=0.1"), Some(Language::Kk));
    }

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_header_is_read_in_linear_time() {
        are_read("", &PIECES, |text| _ = preferred(text));
    }
}
