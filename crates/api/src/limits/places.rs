//! How much of something that lasts one person has at once, and all of them together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Places, of a person and of the process.
#[derive(Debug)]
pub struct Places {
    of_person: usize,
    of_all: usize,
    taken: Mutex<HashMap<i64, usize>>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPlace {
    /// The person has as many as there may be.
    OfPerson,
    /// All of them together have.
    OfAll,
}

impl Places {
    pub fn new(of_person: usize, of_all: usize) -> Self {
        Self { of_person, of_all, taken: Mutex::default() }
    }

    /// A place for one more of a person's.
    /// Errors: that there is none.
    pub fn enter(self: &Arc<Self>, user_id: i64) -> Result<Place, NoPlace> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.values().sum::<usize>() >= self.of_all {
            return Err(NoPlace::OfAll);
        }
        let of_person = taken.entry(user_id).or_default();
        if *of_person >= self.of_person {
            return Err(NoPlace::OfPerson);
        }
        *of_person += 1;
        Ok(Place { places: Arc::clone(self), user_id })
    }

    fn leave(&self, user_id: i64) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_person) = taken.get_mut(&user_id) {
            *of_person -= 1;
            if *of_person == 0 {
                taken.remove(&user_id);
            }
        }
    }
}

/// A place; given back when dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    user_id: i64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.leave(self.user_id);
    }
}
