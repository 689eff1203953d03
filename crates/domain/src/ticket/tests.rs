//! The life of a ticket (2.4, 2.5, App. 2), clause by clause and at random.

mod edits;
mod filing;
mod fixture;
mod lives;
mod merging;
mod moves;
mod people;
mod random;
mod system;
