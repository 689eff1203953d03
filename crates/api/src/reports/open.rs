//! The lists behind figures of what is there now.

use std::collections::BTreeMap;

use domain::{Priority, Status};

use crate::figures::figure::Figure;
use crate::reports::report::{Links, link};
use crate::reports::request::ReportRequest;

/// The word of a priority, of the rank that the indexes of open tickets have.
pub const PRIORITY: &str = "(array['critical', 'high', 'medium', 'low'])[tickets.priority_rank]";

/// The lists of figures, narrowed down further.
pub fn narrowed_links(
    request: &ReportRequest,
    public_url: &str,
    figures: impl IntoIterator<Item = (&'static str, Figure)>,
    further: &str,
) -> Links {
    let linked = |(name, figure): (&str, Figure)| {
        let link = link(request, public_url, figure, request.span, None)?;
        Some((name.to_owned(), format!("{link}{further}")))
    };
    figures.into_iter().filter_map(linked).collect()
}

/// The lists of a figure, for each word by which it is counted.
pub fn links_by_word(
    request: &ReportRequest,
    public_url: &str,
    figure: Figure,
    counts: &[(&str, &BTreeMap<String, i64>)],
    further: &str,
) -> Links {
    let words = counts.iter().flat_map(|(of, counts)| counts.keys().map(move |it| (of, it)));
    let linked = words.filter_map(|(of, word)| {
        let link = link(request, public_url, figure, request.span, None)?;
        Some((format!("by_{of}.{word}"), format!("{link}&{of}={word}{further}")))
    });
    linked.collect()
}

/// No open tickets, by each status that is open: the columns of a table, whatever there is now.
pub fn no_open_by_status() -> BTreeMap<String, i64> {
    let open = Status::ALL.iter().filter(|it| !it.is_final());
    open.map(|it| (it.to_string(), 0)).collect()
}

/// The same by priority.
pub fn no_open_by_priority() -> BTreeMap<String, i64> {
    Priority::ALL.iter().map(|it| (it.to_string(), 0)).collect()
}
