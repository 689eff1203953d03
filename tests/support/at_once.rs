//! Requests at the same instant.

use std::sync::Barrier;
use std::thread;

/// The results of `count` calls that begin at the same instant, in the order of their numbers.
pub fn at_once<T: Send>(count: usize, call: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, call) = (&Barrier::new(count), &call);
    let run = move |number| {
        start.wait();
        call(number)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|number| scope.spawn(move || run(number))).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    })
}
