//! The layers of a mail below its text: encodings, charsets, parameters, HTML, TNEF. Where the
//! mail parser is strict, a thin layer over it is lenient: malformed mail is read as
//! it was meant.

pub(crate) mod body;
pub(crate) mod charset;
pub(crate) mod cms;
mod elements;
pub(crate) mod header;
pub(crate) mod html;
pub(crate) mod lines;
pub(crate) mod pictures;
mod plain;
pub(crate) mod tnef;
pub(crate) mod transfer;
mod tree;
