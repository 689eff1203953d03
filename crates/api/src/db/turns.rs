//! Whose turn it is at the database: each party's work waits in a queue of its own, and the queues
//! take turns, so that nobody waits for everything that somebody else has sent. Only little costly work is
//! done at once, whoever asks for it, so that the rest continues.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The maximum amount of waiting work of one party.
pub(super) const MAX_WAITING_OF_PARTY: usize = 100;

/// The maximum amount of waiting work of all parties.
const MAX_WAITING: usize = 2000;

/// On whose behalf something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// A person, whatever their credentials.
    Person(i64),
    /// The network of somebody who is not known (yet).
    Network(IpAddr),
    /// Monitoring of the service.
    Watch,
}

/// How much of the database's time work takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// A few rows along an index.
    Little,
    /// Seconds, perhaps: figures of years.
    Much,
}

/// How much is done at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct AtOnce {
    pub of_party: usize,
    /// Of all parties together, of what is costly.
    pub costly: usize,
}

/// Why work may not wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// The party's queue is full.
    OfParty,
    /// All queues together are full.
    OfAll,
}

/// Work of many parties, handed out in turns.
pub(super) struct Turns<W> {
    queues: Mutex<Queues<W>>,
    has_work: Condvar,
    at_once: AtOnce,
}

struct Queues<W> {
    of: HashMap<Party, Queue<W>>,
    /// The parties with work that can begin, in the order of their turns.
    next: VecDeque<Party>,
    waiting: usize,
    /// How much that is costly is being done.
    costly: usize,
    number: u64,
    is_closed: bool,
}

struct Queue<W> {
    running: usize,
    waiting: VecDeque<Waiting<W>>,
}

struct Waiting<W> {
    number: u64,
    cost: Cost,
    work: W,
}

/// Work that was handed out.
pub(super) struct Begun<W> {
    pub party: Party,
    pub cost: Cost,
    pub work: W,
}

impl<W> Turns<W> {
    pub fn new(at_once: AtOnce) -> Self {
        let queues = Queues {
            of: HashMap::new(),
            next: VecDeque::new(),
            waiting: 0,
            costly: 0,
            number: 0,
            is_closed: false,
        };
        Self { queues: Mutex::new(queues), has_work: Condvar::new(), at_once }
    }

    /// Lets work wait for its turn; returns the number by which it can be taken back.
    pub fn enter(&self, party: Party, cost: Cost, work: W) -> Result<u64, Full> {
        let mut guard = self.lock();
        let queues = &mut *guard;
        if queues.waiting >= MAX_WAITING {
            return Err(Full::OfAll);
        }
        let queue = queues.of.entry(party).or_insert_with(Queue::new);
        if queue.waiting.len() >= MAX_WAITING_OF_PARTY {
            return Err(Full::OfParty);
        }
        queues.number += 1;
        queues.waiting += 1;
        queue.waiting.push_back(Waiting { number: queues.number, cost, work });
        if queue.running < self.at_once.of_party {
            if queue.waiting.len() == 1 {
                queues.next.push_back(party);
            }
            self.has_work.notify_one();
        }
        Ok(queues.number)
    }

    /// Waits for the work whose turn it is; none once the turns are closed. What was handed out
    /// is to be reported as [`Self::done`].
    pub fn next(&self) -> Option<Begun<W>> {
        let mut guard = self.lock();
        loop {
            if guard.is_closed {
                return None;
            }
            if let Some(next) = guard.take(self.at_once) {
                // There may be more for another thread.
                if !guard.next.is_empty() {
                    self.has_work.notify_one();
                }
                return Some(next);
            }
            guard = self.has_work.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One piece of a party's work is done, and the next may begin.
    pub fn done(&self, party: Party, cost: Cost) {
        let mut guard = self.lock();
        let queues = &mut *guard;
        if cost == Cost::Much {
            queues.costly -= 1;
            self.has_work.notify_one();
        }
        let Some(queue) = queues.of.get_mut(&party) else { return };
        queue.running -= 1;
        if !queue.waiting.is_empty() && queue.running + 1 == self.at_once.of_party {
            queues.next.push_back(party);
            self.has_work.notify_one();
        }
        queues.remove_if_idle(party);
    }

    /// Withdraws work that nobody wants any more; returns whether it had not begun yet.
    pub fn withdraw(&self, party: Party, number: u64) -> bool {
        let mut guard = self.lock();
        let queues = &mut *guard;
        let Some(queue) = queues.of.get_mut(&party) else { return false };
        let Some(at) = queue.waiting.iter().position(|it| it.number == number) else {
            return false;
        };
        queue.waiting.remove(at);
        queues.waiting -= 1;
        if queue.waiting.is_empty() {
            queues.next.retain(|it| *it != party);
        }
        queues.remove_if_idle(party);
        true
    }

    /// Whether the maximum of a party's work is running.
    pub fn is_busy(&self, party: Party) -> bool {
        self.lock().of.get(&party).is_some_and(|it| it.running >= self.at_once.of_party)
    }

    /// Releases everybody who waits for work.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.has_work.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queues<W>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W> Queues<W> {
    /// The first work of the first party that may begin: where no more costly work fits, other work goes first.
    fn take(&mut self, at_once: AtOnce) -> Option<Begun<W>> {
        let has_room = self.costly < at_once.costly;
        let may_begin = |it: &Waiting<W>| has_room || it.cost == Cost::Little;
        let first = |party: &Party| self.of.get(party)?.waiting.iter().position(may_begin);
        let (turn, at) =
            self.next.iter().enumerate().find_map(|(turn, it)| Some((turn, first(it)?)))?;
        let party = self.next.remove(turn)?;
        let queue = self.of.get_mut(&party)?;
        let Waiting { cost, work, .. } = queue.waiting.remove(at)?;
        self.waiting -= 1;
        queue.running += 1;
        if cost == Cost::Much {
            self.costly += 1;
        }
        if !queue.waiting.is_empty() && queue.running < at_once.of_party {
            self.next.push_back(party);
        }
        Some(Begun { party, cost, work })
    }

    fn remove_if_idle(&mut self, party: Party) {
        let is_idle = |it: &Queue<W>| it.running == 0 && it.waiting.is_empty();
        if self.of.get(&party).is_some_and(is_idle) {
            self.of.remove(&party);
        }
    }
}

impl<W> Queue<W> {
    const fn new() -> Self {
        Self { running: 0, waiting: VecDeque::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Party = Party::Person(1);
    const BORIS: Party = Party::Person(2);

    fn turns<W>(of_party: usize) -> Turns<W> {
        Turns::new(AtOnce { of_party, costly: 1 })
    }

    fn filled(work: &[(Party, &'static str)]) -> Turns<&'static str> {
        let turns = turns(2);
        for (party, work) in work {
            let cost = if work.ends_with("years") { Cost::Much } else { Cost::Little };
            assert!(turns.enter(*party, cost, *work).is_ok());
        }
        turns
    }

    fn begun(turns: &Turns<&'static str>, count: usize) -> Vec<&'static str> {
        (0..count).filter_map(|_| turns.next()).map(|it| it.work).collect()
    }

    /// RS04: whose turn it is counts, not who came first; and the work of one party at once is limited.
    #[test]
    fn sec_rs04_people_take_turns() {
        let turns =
            filled(&[(ANNA, "a1"), (ANNA, "a2"), (ANNA, "a3"), (BORIS, "b1"), (BORIS, "b2")]);

        assert_eq!(begun(&turns, 4), ["a1", "b1", "a2", "b2"]);
        assert!(turns.is_busy(ANNA));
        assert!(turns.lock().next.is_empty(), "a3 waits for one of its own");
        turns.done(ANNA, Cost::Little);
        assert_eq!(begun(&turns, 1), ["a3"]);
    }

    /// RS04: only little costly work is done at once, whoever asks, and other work goes before it.
    #[test]
    fn sec_rs04_what_is_costly_leaves_room() {
        let turns =
            filled(&[(ANNA, "a of years"), (ANNA, "a1"), (BORIS, "b of years"), (BORIS, "b1")]);

        assert_eq!(begun(&turns, 3), ["a of years", "b1", "a1"]);
        assert!(turns.lock().take(turns.at_once).is_none(), "b waits for what is costly");
        turns.done(ANNA, Cost::Much);
        assert_eq!(begun(&turns, 1), ["b of years"]);
    }

    /// RS04: what waits is bounded, by party and in all.
    #[test]
    fn sec_rs04_what_waits_is_bounded() {
        let turns = turns(1);
        let enter = |party| turns.enter(party, Cost::Little, ());

        let entered = (0..=MAX_WAITING_OF_PARTY).map(|_| enter(ANNA)).collect::<Vec<_>>();
        assert_eq!(entered.last(), Some(&Err(Full::OfParty)));
        assert!(enter(BORIS).is_ok());
        let others = (3..).flat_map(|it| [Party::Person(it); MAX_WAITING_OF_PARTY]);
        let full = others.map(enter).find_map(Result::err);
        assert_eq!(full, Some(Full::OfAll));
        assert_eq!(turns.lock().waiting, MAX_WAITING);
    }

    /// RS04: what nobody wants any more takes no turn, and nothing is remembered of who is gone.
    #[test]
    fn sec_rs04_what_is_taken_back_is_not_done() {
        let turns = turns(1);
        let first = turns.enter(ANNA, Cost::Little, "first").unwrap_or_default();
        let second = turns.enter(ANNA, Cost::Little, "second").unwrap_or_default();

        assert!(turns.withdraw(ANNA, first));
        assert_eq!(begun(&turns, 1), ["second"]);
        assert!(!turns.withdraw(ANNA, second), "it has begun");
        turns.done(ANNA, Cost::Little);
        assert!(turns.lock().of.is_empty());
        turns.close();
        assert!(turns.next().is_none());
    }
}
