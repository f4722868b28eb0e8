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
    /// How many ever came in, so that each has a number.
    arrived: u64,
    /// How many takers sleep.
    idle: usize,
    closed: bool,
}

/// A moment in the life of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(u64);

/// First in, first out, for several senders and several takers.
pub(crate) struct Queue<T> {
    inside: Mutex<Inside<T>>,
    arrived: Condvar,
    capacity: usize,
}

impl<T> Queue<T> {
    /// A queue in which at most `capacity` items wait.
    pub(crate) fn new(capacity: usize) -> Self {
        let inside = Inside { items: VecDeque::new(), arrived: 0, idle: 0, closed: false };
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
        inside.arrived += 1;
        let somebody_sleeps = inside.idle > 0;
        drop(inside);
        // Each call costs a system call, whether anybody sleeps or not.
        if somebody_sleeps {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// The next item, waiting for one; nothing once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<T> {
        self.pop_and_note().map(|(item, _)| item)
    }

    /// As [`Queue::pop`], with the moment at which it was taken.
    pub(crate) fn pop_and_note(&self) -> Option<(T, Moment)> {
        let mut inside = self.lock();
        while inside.items.is_empty() && !inside.closed {
            inside.idle += 1;
            inside = self.arrived.wait(inside).unwrap_or_else(PoisonError::into_inner);
            inside.idle -= 1;
        }
        let item = inside.items.pop_front()?;
        Some((item, Moment(inside.arrived)))
    }

    /// As [`Queue::pop_and_note`], without waiting.
    pub(crate) fn try_pop_and_note(&self) -> Option<(T, Moment)> {
        let mut inside = self.lock();
        let item = inside.items.pop_front()?;
        Some((item, Moment(inside.arrived)))
    }

    /// The next item if it was there already at that moment.
    pub(crate) fn try_pop_older(&self, moment: Moment) -> Option<T> {
        let mut inside = self.lock();
        let first = inside.arrived.saturating_sub(inside.items.len() as u64);
        if first < moment.0 { inside.items.pop_front() } else { None }
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
    fn what_came_after_a_moment_is_left_in_the_queue() {
        let queue = Queue::new(9);
        for number in 1..=3 {
            assert_eq!(queue.push(number), Ok(()));
        }
        let Some((1, moment)) = queue.pop_and_note() else { panic!("the first is taken") };
        assert_eq!(queue.push(4), Ok(()));
        assert_eq!(queue.try_pop_older(moment), Some(2));
        assert_eq!(queue.try_pop_older(moment), Some(3));
        assert_eq!(queue.try_pop_older(moment), None);
        assert_eq!(queue.pop(), Some(4));
    }

    #[test]
    fn a_sleeping_taker_is_woken() {
        let queue = Queue::new(9);
        std::thread::scope(|scope| {
            let takers = [scope.spawn(|| queue.pop()), scope.spawn(|| queue.pop())];
            assert_eq!(queue.push(1), Ok(()));
            assert_eq!(queue.push(2), Ok(()));
            let taken: Vec<_> = takers.into_iter().map(|taker| taker.join().unwrap()).collect();
            assert!(taken.contains(&Some(1)) && taken.contains(&Some(2)));
        });
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
