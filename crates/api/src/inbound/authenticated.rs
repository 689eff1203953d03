//! Whether a mail server vouches for the sender of a mail (RFC 8601).

use mail_parser::Message;

/// Whether the trusted server authenticated the sender's domain (DMARC). Its header precedes those that
/// came with the mail; those of other servers and later ones can be forged.
pub fn is_authenticated(message: &Message<'_>, sender: &str, authserv: &str) -> bool {
    let results = message
        .headers_raw()
        .filter(|(name, _)| name.eq_ignore_ascii_case("authentication-results"))
        .map(|(_, value)| clauses(value))
        .find(|it| is_by(it, authserv));
    let domain = sender.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let (Some(results), Some(domain)) = (results, domain) else { return false };
    results.iter().skip(1).any(|clause| {
        let mut words = clause.split_whitespace();
        let passes = words.next() == Some("dmarc=pass");
        let from = words.find_map(|it| it.strip_prefix("header.from="));
        passes && from.is_none_or(|it| it == domain)
    })
}

fn is_by(clauses: &[String], authserv: &str) -> bool {
    let id = clauses.first().and_then(|it| it.split_whitespace().next());
    id.is_some_and(|it| it.eq_ignore_ascii_case(authserv))
}

/// The parts between semicolons, in lower case, without comments and without what is quoted.
fn clauses(value: &str) -> Vec<String> {
    let (mut clauses, mut clause) = (Vec::new(), String::new());
    let (mut depth, mut is_quoted) = (0_usize, false);
    for letter in value.to_lowercase().chars() {
        match letter {
            '"' if depth == 0 => is_quoted = !is_quoted,
            _quoted if is_quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _comment if depth > 0 => {}
            ';' => clauses.push(std::mem::take(&mut clause)),
            other => clause.push(other),
        }
    }
    clauses.push(clause);
    clauses
}
