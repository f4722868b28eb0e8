//! A bounded queue between the callers and the engine threads.
//!
//! Full means an answer at once (503 with Retry-After) instead of a wait that nobody bounds. Closed
//! means: nothing more comes in, everything inside is still served, then the threads end.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Why an item was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// As many wait as are allowed to.
    Full,
    /// The database is closing.
    Closed,
}

struct Inside<T> {
    items: VecDeque<T>,
    closed: bool,
}

/// First in, first out, for several senders and several takers.
pub(crate) struct Queue<T> {
    inside: Mutex<Inside<T>>,
    arrived: Condvar,
    capacity: usize,
}

impl<T> Queue<T> {
    /// A queue in which at most `capacity` items wait.
    pub(crate) fn new(capacity: usize) -> Self {
        let inside = Inside { items: VecDeque::new(), closed: false };
        Self { inside: Mutex::new(inside), arrived: Condvar::new(), capacity }
    }

    /// Adds an item, without waiting.
    pub(crate) fn push(&self, item: T) -> Result<(), Refusal> {
        let mut inside = self.lock();
        if inside.closed {
            return Err(Refusal::Closed);
        }
        if inside.items.len() >= self.capacity {
            return Err(Refusal::Full);
        }
        inside.items.push_back(item);
        drop(inside);
        self.arrived.notify_one();
        Ok(())
    }

    /// The next item, waiting for one; nothing once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<T> {
        let waiting = |inside: &mut Inside<T>| inside.items.is_empty() && !inside.closed;
        let mut inside =
            self.arrived.wait_while(self.lock(), waiting).unwrap_or_else(PoisonError::into_inner);
        inside.items.pop_front()
    }

    /// The next item if one is there.
    pub(crate) fn try_pop(&self) -> Option<T> {
        self.lock().items.pop_front()
    }

    /// Lets nothing more in and wakes the takers.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    // A panic never happens while the lock is held; should it, the queue itself is still whole.
    fn lock(&self) -> MutexGuard<'_, Inside<T>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_at_once_and_takes_again_when_there_is_room() {
        let queue = Queue::new(2);
        assert_eq!(queue.push(1), Ok(()));
        assert_eq!(queue.push(2), Ok(()));
        assert_eq!(queue.push(3), Err(Refusal::Full));
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.push(4), Ok(()));
    }

    #[test]
    fn a_closed_queue_takes_nothing_more_and_still_gives_what_is_inside() {
        let queue = Queue::new(2);
        assert_eq!(queue.push(1), Ok(()));
        queue.close();
        assert_eq!(queue.push(2), Err(Refusal::Closed));
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.pop(), None);
    }
}
