//! What each kind of mail looks like, with made-up contents: for whoever mends the texts.

pub(crate) mod preview;
mod samples;
