/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The event loop's queue of tasks, and its timers.
//!
//! There is one queue, in order of arrival, whatever the task source: every source keeps its order,
//! as it must. Tasks and timers of a document end with it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use sordino_traits::{DocumentId, Timestamp};

/// The number of a timer; page script sees it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct TimerId(pub(crate) i32);

/// Something to be done later, on a `C`.
type Steps<C> = Box<dyn FnOnce(&C)>;

struct Task<C> {
    /// The document that it is for; it is dropped with that.
    document: Option<DocumentId>,
    steps: Steps<C>,
}

struct Timer<C> {
    id: TimerId,
    task: Task<C>,
}

/// Tasks and timers of an event loop; their steps are given the context `C`.
pub(crate) struct EventLoop<C> {
    tasks: RefCell<VecDeque<Task<C>>>,
    /// By the moment at which they are due, then in the order in which they were set.
    timers: RefCell<BTreeMap<(Timestamp, u64), Timer<C>>>,
    /// Where each timer is among `timers`.
    timer_keys: RefCell<HashMap<TimerId, (Timestamp, u64)>>,
    timers_set: Cell<u64>,
    last_timer: Cell<i32>,
    /// Whether the last thing that was done was a task.
    ran_task: Cell<bool>,
}

impl<C> EventLoop<C> {
    pub(crate) fn new() -> Self {
        Self {
            tasks: RefCell::default(),
            timers: RefCell::default(),
            timer_keys: RefCell::default(),
            timers_set: Cell::new(0),
            last_timer: Cell::new(0),
            ran_task: Cell::new(false),
        }
    }

    /// [Queues a task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-task), for a
    /// document or for none.
    pub(crate) fn queue(&self, document: Option<DocumentId>, steps: impl FnOnce(&C) + 'static) {
        self.tasks.borrow_mut().push_back(Task { document, steps: Box::new(steps) });
    }

    /// A new timer number.
    pub(crate) fn new_timer(&self) -> TimerId {
        let id = self.last_timer.get().checked_add(1).unwrap_or(1);
        self.last_timer.set(id);
        TimerId(id)
    }

    /// Has a task done after `delay`.
    pub(crate) fn set_timer(
        &self,
        document: DocumentId,
        id: TimerId,
        delay: Duration,
        now: Timestamp,
        steps: impl FnOnce(&C) + 'static,
    ) {
        let order = self.timers_set.get() + 1;
        self.timers_set.set(order);
        let task = Task { document: Some(document), steps: Box::new(steps) };
        let timer = Timer { id, task };
        let key = (now + delay, order);
        self.timer_keys.borrow_mut().insert(id, key);
        self.timers.borrow_mut().insert(key, timer);
    }

    /// Forgets a timer.
    pub(crate) fn clear_timer(&self, id: TimerId) {
        let key = self.timer_keys.borrow_mut().remove(&id);
        let timer = key.and_then(|key| self.timers.borrow_mut().remove(&key));
        drop(timer);
    }

    /// The next thing to do now: a task, or a timer that is due. They take turns, so that tasks that
    /// make tasks hold up no timer.
    pub(crate) fn next(&self, now: Timestamp) -> Option<Steps<C>> {
        let mut timers = self.timers.borrow_mut();
        let due = timers.first_entry().filter(|first| first.key().0 <= now);
        let is_turn_of_timers = self.ran_task.replace(false) && due.is_some();
        if !is_turn_of_timers && let Some(task) = self.tasks.borrow_mut().pop_front() {
            self.ran_task.set(true);
            return Some(task.steps);
        }
        let Timer { id, task } = due?.remove();
        self.timer_keys.borrow_mut().remove(&id);
        Some(task.steps)
    }

    /// Whether a task waits; a timer is none.
    pub(crate) fn has_tasks(&self) -> bool {
        !self.tasks.borrow().is_empty()
    }

    /// How long there is nothing to do; `None` until something is queued.
    pub(crate) fn idle_for(&self, now: Timestamp) -> Option<Duration> {
        if !self.tasks.borrow().is_empty() {
            return Some(Duration::ZERO);
        }
        self.timers.borrow().first_key_value().map(|((due, _), _)| due.since(now))
    }

    /// Forgets what a document has to do.
    pub(crate) fn discard(&self, document: DocumentId) {
        // What a task holds may queue something when it is dropped, so it is dropped last.
        let is_of = |task: &Task<C>| task.document == Some(document);
        let (of_document, others) = self.tasks.take().into_iter().partition(is_of);
        self.tasks.replace(others);
        let tasks: VecDeque<Task<C>> = of_document;
        let mut timers = Vec::new();
        let due: Vec<_> = self
            .timers
            .borrow()
            .iter()
            .filter(|(_, it)| is_of(&it.task))
            .map(|(key, _)| *key)
            .collect();
        for key in due {
            let timer = self.timers.borrow_mut().remove(&key);
            if let Some(timer) = &timer {
                self.timer_keys.borrow_mut().remove(&timer.id);
            }
            timers.push(timer);
        }
        drop((tasks, timers));
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use sordino_traits::NamespaceId;

    use super::*;

    fn document(index: u32) -> DocumentId {
        DocumentId::new(NamespaceId(1), index).unwrap()
    }

    fn at(milliseconds: u64) -> Timestamp {
        Timestamp::from_origin(Duration::from_millis(milliseconds))
    }

    type Log = RefCell<Vec<&'static str>>;

    fn run(events: &EventLoop<Log>, now: Timestamp, log: &Log) -> Vec<&'static str> {
        while let Some(task) = events.next(now) {
            task(log);
        }
        std::mem::take(&mut *log.borrow_mut())
    }

    #[test]
    fn tasks_run_in_order_and_timers_by_time_then_order() {
        let events = EventLoop::<Log>::new();
        let log = Log::default();
        let timer = |delay, name| {
            let id = events.new_timer();
            let delay = Duration::from_millis(delay);
            events.set_timer(document(1), id, delay, at(0), move |log: &Log| {
                log.borrow_mut().push(name)
            });
            id
        };
        timer(20, "late");
        timer(10, "first of two");
        timer(10, "second of two");
        let cleared = timer(10, "cleared");
        events.clear_timer(cleared);
        events.queue(None, |log| log.borrow_mut().push("task"));
        assert_eq!(events.idle_for(at(0)), Some(Duration::ZERO));
        assert_eq!(run(&events, at(0), &log), ["task"]);
        assert_eq!(events.idle_for(at(4)), Some(Duration::from_millis(6)));
        assert_eq!(run(&events, at(10), &log), ["first of two", "second of two"]);
        assert_eq!(run(&events, at(100), &log), ["late"]);
        assert_eq!(events.idle_for(at(100)), None);
    }

    #[test]
    fn tasks_that_make_tasks_hold_up_no_timer() {
        fn again(events: &Rc<EventLoop<Log>>) {
            let next = events.clone();
            events.queue(None, move |_| again(&next));
        }
        let events = Rc::new(EventLoop::<Log>::new());
        let log = Log::default();
        again(&events);
        let id = events.new_timer();
        events.set_timer(document(1), id, Duration::ZERO, at(0), |log: &Log| {
            log.borrow_mut().push("timer")
        });
        for _ in 0..3 {
            events.next(at(1)).unwrap()(&log);
        }
        assert_eq!(*log.borrow(), ["timer"]);
        events.tasks.borrow_mut().clear();
    }

    #[test]
    fn a_discarded_document_has_nothing_more_to_do() {
        let events = EventLoop::<Log>::new();
        let log = Log::default();
        for (index, task, timer) in [(1, "task 1", "timer 1"), (2, "task 2", "timer 2")] {
            let document = document(index);
            events.queue(Some(document), move |log| log.borrow_mut().push(task));
            let id = events.new_timer();
            let delay = Duration::ZERO;
            events.set_timer(document, id, delay, at(0), move |log| log.borrow_mut().push(timer));
        }
        events.discard(document(1));
        assert_eq!(run(&events, at(1000), &log), ["task 2", "timer 2"]);
        assert_eq!(events.idle_for(at(1000)), None);
    }
}
