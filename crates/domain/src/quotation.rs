//! Separates the lines that the sender of a mail wrote from those that it quotes. Nothing is lost: what is not
//! part of the reply stays in the quoted part, so that a wrong cut can be seen. Only unmistakable marks cut: a
//! mark or an address of this service, a divider that a quoted head follows, `-- ` exactly, an introduction
//! that quoted lines follow, and what the structure of an HTML mail says.

#![expect(clippy::indexing_slicing, reason = "places are those of the same slice")]

mod introduction;
mod marks;
mod sent;

use introduction::introduction;
use marks::{
    begins_other, divides, head, is_bare_separator, is_divider, is_of_phone, is_signature,
    may_stand_before,
};

pub use marks::{MARK, Ours};
pub use sent::SentWords;

/// What the form of a mail says about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nothing: its text has to be looked at.
    Unknown,
    /// It is its writer's, whatever it looks like.
    Own,
    /// It is quoted.
    Quoted,
    /// It belongs to another form of the same text.
    Beside,
}

/// A line of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub origin: Origin,
}

impl Line {
    /// The lines of a text of which nothing else is known.
    pub fn of(text: &str) -> Vec<Self> {
        text.lines().map(Self::unknown).collect()
    }

    pub fn unknown(text: &str) -> Self {
        Self { text: text.to_owned(), origin: Origin::Unknown }
    }

    fn is_blank(&self) -> bool {
        is_blank(&self.text)
    }

    fn looks_quoted(&self) -> bool {
        self.origin == Origin::Unknown && self.text.trim_start().starts_with('>')
    }
}

/// The two halves of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// What the sender wrote.
    pub reply: String,
    /// The rest of it.
    pub quoted: String,
}

/// Whether a text has no visible character.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || crate::hidden::is_hidden(it))
}

/// Separates what the sender wrote from what is quoted. In a forwarded mail, and in a request, quotations of others are
/// part of the content (`keeps_others`).
pub fn split(lines: &[Line], ours: &Ours<'_>, keeps_others: bool) -> Split {
    let verdicts = vec![false; lines.len()];
    let mut cut = Cut { lines, ours, keeps_others, initials: None, verdicts };
    let is_by_head = cut.run();
    cut.cut_off_telephones();
    cut.cut_off_bare_quotations();
    cut.give_back();
    let split = cut.halves();
    let is_only_passed_on = split.reply.is_empty() && is_by_head && !ours.are_in(lines);
    if !is_only_passed_on {
        return split;
    }
    cut.verdicts = lines.iter().map(|it| it.origin == Origin::Beside).collect();
    cut.halves()
}

struct Cut<'a> {
    lines: &'a [Line],
    ours: &'a Ours<'a>,
    keeps_others: bool,
    /// The initials before the lines of the last quotation, if its program puts some there.
    initials: Option<&'a str>,
    /// Whether each line is quoted.
    verdicts: Vec<bool>,
}

impl Cut<'_> {
    /// Judges every line; returns whether the head of another mail ended the reply.
    fn run(&mut self) -> bool {
        let (mut at, mut has_quoted, mut is_by_head) = (0, false, false);
        while at < self.lines.len() {
            let next = match self.quotation(at, has_quoted) {
                Found::Own(next) => {
                    at = next;
                    continue;
                }
                Found::Signature(next) => next,
                Found::Quotation(next) => {
                    has_quoted = true;
                    next
                }
                Found::Head => {
                    is_by_head = true;
                    self.lines.len()
                }
            };
            self.mark(at, next);
            at = next;
        }
        is_by_head
    }

    fn mark(&mut self, from: usize, to: usize) {
        self.verdicts[from..to].fill(true);
    }

    /// What begins with a line.
    fn quotation(&mut self, at: usize, has_quoted: bool) -> Found {
        let lines = self.lines;
        let rest = &lines[at..];
        match rest[0].origin {
            Origin::Own => return Found::Own(at + 1),
            Origin::Quoted => return self.structure(at),
            Origin::Beside => return Found::Signature(at + 1),
            Origin::Unknown => {}
        }
        if self.initials.is_some() && introduction::initials(&rest[0].text) == self.initials {
            return Found::Quotation(at + 1);
        }
        if rest[0].looks_quoted() {
            let end = at + block(rest, Line::looks_quoted);
            let is_quoted = has_quoted || self.ours.are_in(&self.lines[at..end]);
            return if is_quoted { Found::Quotation(end) } else { Found::Own(end) };
        }
        if self.ours.is_mark(&rest[0].text) {
            let head = self.boilerplate_before(at);
            self.mark(head, at);
            return Found::Head;
        }
        if self.is_end(rest) {
            // Of the head of one of ours other fields may come first.
            let head = if is_divider(&rest[0].text) { at } else { self.boilerplate_before(at) };
            self.mark(head, at);
            return Found::Head;
        }
        if is_signature(&rest[0].text) {
            return Found::Signature(at + self.signature(rest));
        }
        let Some(length) = introduction(rest) else { return Found::Own(at + 1) };
        match self.is_content(&rest[..length]) {
            true => Found::Own(at + length),
            false => {
                self.initials = introduction::initials(&lines[at + length - 1].text);
                Found::Quotation(at + length)
            }
        }
    }

    /// Whether quoted lines are part of the content.
    fn is_content(&self, quoted: &[Line]) -> bool {
        self.keeps_others && !self.ours.are_in(quoted)
    }

    /// What an HTML mail marks as quoted.
    fn structure(&self, at: usize) -> Found {
        let rest = &self.lines[at..];
        let length = rest.iter().take_while(|it| it.origin == Origin::Quoted).count();
        if self.is_content(&rest[..length]) {
            Found::Own(at + length)
        } else if at + length == self.lines.len() {
            Found::Head
        } else {
            Found::Quotation(at + length)
        }
    }

    /// Whether another mail begins here, and goes on to the end.
    fn is_end(&self, rest: &[Line]) -> bool {
        if !is_divider(&rest[0].text) {
            let is_ours = |length: usize| self.ours.are_in(&rest[..length]);
            return head(rest).is_some_and(|it| it.length >= 3 && is_ours(it.length));
        }
        let Some(from) = (1..rest.len()).find(|it| !rest[*it].is_blank()) else { return false };
        head(&rest[from..]).is_some_and(|it| {
            let is_ours = self.ours.are_in(&rest[from..from + it.length]);
            is_ours || !self.keeps_others && divides(&rest[0].text, it)
        })
    }

    /// A signature ends with the mail, or where a quotation begins.
    fn signature(&self, rest: &[Line]) -> usize {
        let ends = |at: usize| {
            let rest = &rest[at..];
            let is_marked = matches!(rest[0].origin, Origin::Quoted | Origin::Beside);
            let is_passed_on = || self.keeps_others && begins_other(rest);
            is_marked
                || rest[0].looks_quoted()
                || self.ours.is_mark(&rest[0].text)
                || introduction(rest).is_some()
                || is_passed_on()
        };
        (1..rest.len()).find(|it| ends(*it)).unwrap_or(rest.len())
    }

    /// Where the head of the mail begins whose reply mark is in this line.
    fn boilerplate_before(&self, at: usize) -> usize {
        let before = self.lines[..at].iter().rev();
        let is_furniture = |it: &&Line| {
            it.origin == Origin::Unknown && (it.is_blank() || may_stand_before(&it.text))
        };
        let found = at - before.take_while(is_furniture).count();
        let start = (found.saturating_sub(3)..found)
            .find(|from| introduction::ends_at(&self.lines[*from..found]));
        start.unwrap_or(found)
    }

    /// Cuts off the signature that a phone adds to a mail.
    fn cut_off_telephones(&mut self) {
        let mut is_cut = false;
        for at in (0..self.lines.len()).rev() {
            let line = &self.lines[at];
            if self.verdicts[at] || line.is_blank() {
                continue;
            }
            let is_above = is_cut && is_bare_separator(&line.text);
            if line.origin == Origin::Unknown && (is_above || is_of_phone(&line.text)) {
                self.verdicts[at] = true;
                is_cut = true;
            } else {
                break;
            }
        }
    }

    /// In a mail without any other text, lines that look quoted count as quoted.
    fn cut_off_bare_quotations(&mut self) {
        if self.keeps_others {
            return;
        }
        let own = || self.lines.iter().zip(&self.verdicts).filter(|(_, it)| !**it);
        if own().all(|(line, _)| line.is_blank() || line.looks_quoted()) {
            let all = self.lines.len();
            self.mark(0, all);
        }
    }

    /// Gives back what somebody wrote between the lines of ours, or below them and nowhere else.
    fn give_back(&mut self) {
        let Some(from) = self.verdicts.iter().position(|it| *it) else { return };
        let quoted = &self.lines[from..];
        let compared = self.ours.sent.iter().map(|it| it.compare(quoted));
        let Some(best) = compared.max_by_key(sent::Compared::known) else { return };
        let own = || self.lines.iter().zip(&self.verdicts).filter(|(_, it)| !**it);
        let is_empty = own().all(|(line, _)| line.is_blank());
        let mut written = best.written(quoted, false);
        if written.is_empty() && is_empty {
            written = best.written(quoted, true);
        }
        for at in written {
            self.verdicts[from + at] = false;
        }
    }

    fn halves(&self) -> Split {
        Split { reply: self.half(false), quoted: self.half(true) }
    }

    /// One half; where lines of the other half were in between, one blank line is left.
    fn half(&self, verdict: bool) -> String {
        let (mut chosen, mut was_cut): (Vec<&str>, bool) = (Vec::new(), false);
        for (line, of) in self.lines.iter().zip(&self.verdicts) {
            if *of != verdict {
                was_cut = true;
                continue;
            }
            let is_doubled =
                was_cut && line.is_blank() && chosen.last().is_none_or(|it| is_blank(it));
            if !is_doubled {
                chosen.push(line.text.trim_end());
                was_cut &= line.is_blank();
            }
        }
        let first = chosen.iter().position(|it| !is_blank(it)).unwrap_or(chosen.len());
        let last = chosen.iter().rposition(|it| !is_blank(it)).map_or(first, |it| it + 1);
        chosen[first..last].join("\n")
    }
}

/// What begins with a line.
enum Found {
    /// The sender's own words, up to there.
    Own(usize),
    Signature(usize),
    Quotation(usize),
    /// The head of another mail: nothing of the sender's own follows.
    Head,
}

/// The number of consecutive lines of a kind, including blank ones between them.
fn block(lines: &[Line], is_of_it: impl Fn(&Line) -> bool) -> usize {
    let mut length = 0;
    for (at, line) in lines.iter().enumerate() {
        if is_of_it(line) {
            length = at + 1;
        } else if !line.is_blank() {
            break;
        }
    }
    length
}

#[cfg(test)]
mod tests;
