//! The layers of a mail below its words: encodings, character sets, parameters, HTML, TNEF. Where the
//! parser of mails is strict, a thin layer over it is lenient: what a program wrote wrongly is read as
//! it was meant.

pub(crate) mod charset;
pub(crate) mod cms;
pub(crate) mod header;
pub(crate) mod html;
pub(crate) mod lines;
pub(crate) mod tnef;
pub(crate) mod transfer;
