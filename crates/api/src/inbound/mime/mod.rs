//! The layers of a mail below its text: encodings, charsets, parameters, HTML, TNEF. Where the
//! mail parser is strict, a thin layer over it is lenient: malformed mail is read as
//! it was meant.

pub(crate) mod charset;
pub(crate) mod cms;
pub(crate) mod header;
pub(crate) mod html;
pub(crate) mod lines;
mod plain;
pub(crate) mod tnef;
pub(crate) mod transfer;
