//! How many long-lasting things one person, and all together, may have at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Slots, per person and for the process.
#[derive(Debug)]
pub struct Slots {
    of_person: usize,
    of_all: usize,
    taken: Mutex<HashMap<i64, usize>>,
}

/// Why there is no free slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSlot {
    /// The person has the maximum number.
    OfPerson,
    /// All of them together have the maximum number.
    OfAll,
}

impl Slots {
    pub fn new(of_person: usize, of_all: usize) -> Self {
        Self { of_person, of_all, taken: Mutex::default() }
    }

    /// A slot for one more of a person's.
    /// Errors: why there is none.
    pub fn enter(self: &Arc<Self>, user_id: i64) -> Result<Slot, NoSlot> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.values().sum::<usize>() >= self.of_all {
            return Err(NoSlot::OfAll);
        }
        let of_person = taken.entry(user_id).or_default();
        if *of_person >= self.of_person {
            return Err(NoSlot::OfPerson);
        }
        *of_person += 1;
        Ok(Slot { slots: Arc::clone(self), user_id })
    }

    fn release(&self, user_id: i64) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_person) = taken.get_mut(&user_id) {
            *of_person -= 1;
            if *of_person == 0 {
                taken.remove(&user_id);
            }
        }
    }
}

/// A slot; released when dropped.
#[derive(Debug)]
pub struct Slot {
    slots: Arc<Slots>,
    user_id: i64,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.release(self.user_id);
    }
}
