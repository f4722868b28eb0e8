//! How much of something may be under way at once for each who asks. Each server counts for itself.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The turns that were taken, by who took them.
pub struct Turns<K> {
    at_once: usize,
    taken: Mutex<HashMap<K, usize>>,
}

/// A turn; the next may be taken when this is dropped.
pub struct Turn<K: Copy + Eq + Hash> {
    turns: Arc<Turns<K>>,
    who: K,
}

impl<K: Copy + Eq + Hash> Turns<K> {
    /// So many for each.
    #[must_use]
    pub fn new(at_once: usize) -> Arc<Self> {
        Arc::new(Self { at_once, taken: Mutex::default() })
    }

    /// Takes a turn; none if all of this one's are taken.
    pub fn take(self: &Arc<Self>, who: K) -> Option<Turn<K>> {
        let mut all = self.taken();
        let taken = all.entry(who).or_default();
        if *taken >= self.at_once {
            return None;
        }
        *taken += 1;
        Some(Turn { turns: Arc::clone(self), who })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        let mut all = self.turns.taken();
        match all.get_mut(&self.who) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => drop(all.remove(&self.who)),
        }
    }
}

#[cfg(test)]
impl<K: Copy + Eq + Hash> Turns<K> {
    /// Whether nobody has one, and nobody is remembered.
    pub fn are_free(&self) -> bool {
        self.taken().is_empty()
    }
}
