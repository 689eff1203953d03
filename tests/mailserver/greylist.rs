//! A policy service for Postfix that puts off whoever writes from one address to another for the first time.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// Starts it; its address.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let known: Arc<Mutex<HashSet<[String; 2]>>> = Arc::default();
    std::thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let known = Arc::clone(&known);
            std::thread::spawn(move || {
                let mut reply = connection.try_clone().unwrap();
                let mut asked = [String::new(), String::new()];
                for line in BufReader::new(connection).lines().map_while(Result::ok) {
                    match line.split_once('=') {
                        // Each mail of ours has an envelope sender of its own: the domain counts.
                        Some(("sender", it)) => {
                            asked[0] = it.rsplit('@').next().unwrap().to_owned()
                        }
                        Some(("recipient", it)) => asked[1] = it.to_owned(),
                        Some(_) => {}
                        None => {
                            let is_new = known.lock().unwrap().insert(std::mem::take(&mut asked));
                            let action =
                                if is_new { "defer_if_permit Greylisted" } else { "dunno" };
                            let _sent = reply.write_all(format!("action={action}\n\n").as_bytes());
                        }
                    }
                }
            });
        }
    });
    address
}
