//! IN09: texts that would be read for hours by whoever reads every letter once for each other one. Whatever reads a
//! text from outside is tried on them.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// As long as the longest header, and longer than the text of most mails.
pub const LETTERS: usize = 100_000;

/// Many times what reading takes, on a busy machine without optimization, and far less than what reading each letter
/// for each other one would take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What heads, queries and tables are made of, again and again.
pub const PIECES: [&str; 28] = [
    "a",
    "я",
    "\u{fdfa}",
    " ",
    "\t",
    "\n",
    ",",
    ";",
    "=",
    "\"",
    "\\",
    "\\\"",
    "'",
    "%",
    "%41",
    "+",
    "&",
    "a=b&",
    "a=b;",
    "\"a\",",
    "W/",
    "W/\"a\",",
    "0-1,",
    "a/b;q=0.1,",
    "ru-",
    "[",
    "for=\"a;",
    "\"\n",
];

/// Checks that each of them is read in time, alone and behind a beginning; `#` stands for another number each time.
pub fn are_read(beginning: &str, pieces: &[&'static str], read: fn(&str)) {
    for piece in pieces {
        let count = LETTERS / piece.chars().count();
        let repeated: String = match piece.contains('#') {
            true => (0..count).map(|it| piece.replace('#', &it.to_string())).collect(),
            false => piece.repeat(count),
        };
        let text = format!("{beginning}{repeated}");
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            read(&text);
            done.send(())
        });
        is_done.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{piece:?} is read too often"));
    }
}
