//! Whose password is hashed next. Each takes a core and 19 MiB, so there are few turns at a time, with memory
//! allocated at the start, and a bounded queue.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

use tokio::sync::oneshot;

use crate::credentials::hashing::Memory;
use crate::http::client_address::ClientAddress;
use crate::problem::Problem;

/// The maximum length of the queue.
const MAX_QUEUE: usize = 200;

static TURNS: LazyLock<Mutex<Turns>> = LazyLock::new(|| Mutex::new(Turns::new(at_once())));

/// Half of the cores: the others are for those who have signed in.
fn at_once() -> usize {
    available_parallelism().map_or(1, |it| (it.get() / 2).clamp(1, 4))
}

/// Allocates the memory for all turns.
pub fn prepare() {
    LazyLock::force(&TURNS);
}

/// Waits for a turn to hash a client's password.
/// Errors: `unavailable` at once if the queue is full; a full queue drops requests of the client with
/// the most in it.
pub async fn turn(client: ClientAddress) -> Result<Turn, Problem> {
    let waiting = match turns().admit(client.counted()) {
        Admission::Now(turn) => return Ok(turn),
        Admission::Later(waiting) => waiting,
        Admission::Never => return Err(full()),
    };
    waiting.await.map_err(|_| full())
}

fn full() -> Problem {
    Problem::unavailable("too many passwords wait to be hashed")
}

fn turns() -> MutexGuard<'static, Turns> {
    TURNS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A turn to hash, with the memory for it. When it ends, somebody else's begins.
#[derive(Debug)]
pub struct Turn(Option<Memory>);

impl Turn {
    /// Hashes a password, off the event loop.
    /// Errors: a failure of the library or of the runtime.
    pub async fn hash(self, password: String) -> Result<String, Problem> {
        self.work(move |memory| memory.hash(&password)).await?.1
    }

    /// [`Memory::is_password`] off the event loop; the turn goes on.
    /// Errors: a failure of the runtime.
    pub async fn compare(
        self,
        password: String,
        hash: Option<String>,
    ) -> Result<(Self, bool), Problem> {
        self.work(move |memory| memory.is_password(&password, hash.as_deref())).await
    }

    /// The turn belongs to the work: if the client leaves, the next turn begins only when the work is done.
    async fn work<T: Send + 'static>(
        mut self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<(Self, T), Problem> {
        let work = move || {
            let done = work(self.0.get_or_insert_with(Memory::new));
            (self, done)
        };
        actix_web::web::block(work).await.map_err(Problem::unexpected)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(memory) = self.0.take() {
            turns().start_next(memory);
        }
    }
}

/// The result of asking for a turn.
enum Admission {
    Now(Turn),
    Later(oneshot::Receiver<Turn>),
    /// The queue is full.
    Never,
}

/// The free turns and the waiting clients: each client has its own queue, so that nobody waits longer because
/// another client asks often.
struct Turns {
    free: Vec<Memory>,
    queues: VecDeque<(IpAddr, VecDeque<oneshot::Sender<Turn>>)>,
}

impl Turns {
    fn new(at_once: usize) -> Self {
        Self { free: (0..at_once).map(|_| Memory::new()).collect(), queues: VecDeque::new() }
    }

    fn admit(&mut self, client: IpAddr) -> Admission {
        if let Some(memory) = self.free.pop() {
            return Admission::Now(Turn(Some(memory)));
        }
        let waits = self.queue_of(client).map_or(0, |it| it.len());
        if !self.has_room(waits) {
            return Admission::Never;
        }
        let (turn, waiting) = oneshot::channel();
        match self.queue_of(client) {
            Some(queue) => queue.push_back(turn),
            None => self.queues.push_back((client, VecDeque::from([turn]))),
        }
        Admission::Later(waiting)
    }

    fn queue_of(&mut self, client: IpAddr) -> Option<&mut VecDeque<oneshot::Sender<Turn>>> {
        self.queues.iter_mut().find(|(it, _)| *it == client).map(|(_, queue)| queue)
    }

    /// Whether a client with this many waiting requests may add one more. In a full queue the last request of
    /// the client with the most makes room.
    fn has_room(&mut self, own: usize) -> bool {
        if self.queues.iter().map(|(_, queue)| queue.len()).sum::<usize>() < MAX_QUEUE {
            return true;
        }
        let longest = self.queues.iter_mut().map(|(_, queue)| queue).max_by_key(|it| it.len());
        longest.filter(|it| it.len() > own + 1).and_then(VecDeque::pop_back).is_some()
    }

    /// The next turn goes to the client whose last turn was the longest ago.
    fn start_next(&mut self, mut memory: Memory) {
        while let Some((client, mut queue)) = self.queues.pop_front() {
            let next = queue.pop_front();
            if !queue.is_empty() {
                self.queues.push_back((client, queue));
            }
            let Some(next) = next else { continue };
            // A client that has left passes it on.
            let Err(mut unused) = next.send(Turn(Some(memory))) else { return };
            let Some(handed_back) = unused.0.take() else { return };
            memory = handed_back;
        }
        self.free.push(memory);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const NOISY: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
    const QUIET: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn later(turns: &mut Turns, client: IpAddr) -> oneshot::Receiver<Turn> {
        match turns.admit(client) {
            Admission::Later(waiting) => waiting,
            Admission::Now(_) | Admission::Never => panic!("no place in the queue"),
        }
    }

    /// The memory of a granted turn; none if it was not granted.
    fn taken(waiting: &mut oneshot::Receiver<Turn>) -> Option<Memory> {
        waiting.try_recv().ok().and_then(|mut it| it.0.take())
    }

    /// RS04: of two clients each has every second turn, however often one of them asks.
    #[test]
    fn sec_rs04_nobody_waits_for_all_of_another_client() {
        let mut turns = Turns::new(0);
        let mut noisy: Vec<_> = (0..50).map(|_| later(&mut turns, NOISY)).collect();
        let mut quiet = later(&mut turns, QUIET);

        turns.start_next(Memory::new());
        let memory = taken(&mut noisy[0]).expect("the first");
        turns.start_next(memory);

        assert!(taken(&mut quiet).is_some());
    }

    /// RS04: a full queue accepts only a client with fewer requests in it than another has.
    #[test]
    fn sec_rs04_a_full_line_is_shared() {
        let mut turns = Turns::new(0);
        let mut noisy: Vec<_> = (0..MAX_QUEUE).map(|_| later(&mut turns, NOISY)).collect();

        assert!(matches!(turns.admit(NOISY), Admission::Never));
        let mut quiet = later(&mut turns, QUIET);

        assert!(matches!(
            noisy[MAX_QUEUE - 1].try_recv(),
            Err(oneshot::error::TryRecvError::Closed)
        ));
        assert!(matches!(quiet.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        assert!(matches!(turns.admit(NOISY), Admission::Never));
    }

    /// RS04: the turn of somebody who has left is the next one's, and none is lost.
    #[test]
    fn sec_rs04_the_turn_of_a_client_that_left_is_passed_on() {
        let mut turns = Turns::new(1);
        let Admission::Now(mut first) = turns.admit(QUIET) else { panic!("no turn is free") };
        drop(later(&mut turns, NOISY));
        let mut waiting = later(&mut turns, QUIET);

        turns.start_next(first.0.take().expect("memory"));
        let memory = taken(&mut waiting).expect("the next one");
        turns.start_next(memory);

        assert_eq!((turns.free.len(), turns.queues.len()), (1, 0));
    }
}
