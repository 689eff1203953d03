//! IN09: texts that would be read for hours by whoever reads every letter once for each other one.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const LETTERS: usize = 100_000;

/// Many times what a single pass takes, and far less than what a pass for each letter would take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The pieces that are repeated to make the texts.
const PIECES: [&str; 24] = [
    "a",
    "я",
    "aя",
    "a1",
    "1",
    "1.",
    "a.",
    "a-",
    "a/",
    ".",
    "х у й ",
    "\u{301}х",
    "ё6ан",
    "0x1f==",
    "\u{fdfa}",
    "слово ",
    "{",
    "{a.",
    "*",
    "<pre>",
    "> a\n",
    "-- \n",
    "-----\n\n",
    "On a, b wrote:\n",
];

/// Checks that each of them is read in time.
pub fn are_read(read: fn(&str)) {
    for piece in PIECES {
        let text = piece.repeat(LETTERS / piece.chars().count()) + &"\n".repeat(LETTERS);
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            read(&text);
            done.send(())
        });
        is_done.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{piece:?} is read too often"));
    }
}
