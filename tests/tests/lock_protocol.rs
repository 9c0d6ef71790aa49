//! The protocol of lock, fence, claim and progress, searched exhaustively.
//!
//! Runners, and what can happen to them, are a small state machine; every order of events is
//! followed. A search of its own, because a library for it would bring more crates than it saves
//! lines. The server's part is what `deepref-schema/src/runner` relies on: a message of one
//! transaction is atomic, the end of a session frees its lock, an orphaned session finishes the
//! message that it had received.

use std::collections::HashMap;

const RUNNERS: usize = 3;
/// One for each runner, one more for an orphan, and one that a pooler holds ready.
const SESSIONS: usize = RUNNERS + 2;
const POOLED: u8 = SESSIONS as u8 - 1;

/// What a runner sends, in order: the first migration is one transaction, the second has a
/// statement outside of one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Message {
    Apply,
    Begin,
    Outside,
    Record,
}
use Message::{Apply, Begin, Outside, Record};

/// What the database holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
struct Data {
    first_effects: u8,
    first_row: bool,
    progress: bool,
    index: bool,
    second_effects: u8,
    second_row: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Session {
    Closed,
    Idle,
    Executing(Message),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Runner {
    /// Not connected: before the first run, or before the next one.
    Away,
    /// Connected, and polling for the lock.
    Waiting(u8),
    /// Holds the lock, as far as it knows, and will send this.
    Holding(u8, Message),
    /// Sent this, through that session or, moved by a pooler, another one.
    Sent(u8, u8, Message),
    Done,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct State {
    data: Data,
    lock: Option<u8>,
    sessions: [Session; SESSIONS],
    /// What a session answered last, until it is read: whether the message succeeded.
    answers: [Option<bool>; SESSIONS],
    runners: [Runner; RUNNERS],
}

/// The parts of the protocol, so that each can be left out.
#[derive(Clone, Copy)]
struct Protocol {
    lock: bool,
    fence: bool,
    claim: bool,
    pooler: bool,
}

const WHOLE: Protocol = Protocol { lock: true, fence: true, claim: true, pooler: true };

impl Data {
    /// What is to be done next, as the ledger says.
    fn next(&self) -> Option<Message> {
        match (self.first_row, self.progress, self.second_row) {
            (false, ..) => Some(Apply),
            (true, false, false) => Some(Begin),
            // the catalog is asked whether the index is there
            (true, true, _) => Some(if self.index { Record } else { Outside }),
            (true, false, true) => None,
        }
    }

    /// Executes a message; false where the server refuses it.
    fn execute(&mut self, message: Message, protocol: Protocol, holds_lock: bool) -> bool {
        let fenced = protocol.fence && !holds_lock && message != Outside;
        let claimed = match message {
            Apply => self.first_row,
            Begin => self.progress || self.second_row,
            // an index of that name exists
            Outside => self.index,
            Record => !self.progress || self.second_row,
        };
        if fenced || (claimed && (protocol.claim || message == Outside)) {
            return false;
        }
        match message {
            Apply => (self.first_row, self.first_effects) = (true, self.first_effects + 1),
            Begin => self.progress = true,
            Outside => (self.index, self.second_effects) = (true, self.second_effects + 1),
            Record => (self.progress, self.second_row) = (false, true),
        }
        true
    }
}

impl State {
    fn start(runners: usize) -> State {
        let mut sessions = [Session::Closed; SESSIONS];
        sessions[usize::from(POOLED)] = Session::Idle;
        State {
            data: Data::default(),
            lock: None,
            sessions,
            answers: [None; SESSIONS],
            runners: std::array::from_fn(
                |at| if at < runners { Runner::Away } else { Runner::Done },
            ),
        }
    }

    /// Every state that one event leads to.
    fn successors(&self, protocol: Protocol) -> Vec<State> {
        let mut found = Vec::new();
        for number in 0..RUNNERS {
            self.step(number, protocol, &mut found);
        }
        for session in 0..SESSIONS as u8 {
            self.serve(session, protocol, &mut found);
        }
        // runners are alike: their order does not matter
        for state in &mut found {
            state.sort();
        }
        found
    }

    /// What a runner can do, and what can be done to it.
    fn step(&self, number: usize, protocol: Protocol, found: &mut Vec<State>) {
        let mut push = |runner: Runner, change: &dyn Fn(&mut State)| {
            let mut state = self.clone();
            state.runners[number] = runner;
            change(&mut state);
            found.push(state);
        };
        let runner = self.runners[number];
        match runner {
            Runner::Done => {}
            Runner::Away if self.data.next().is_none() => push(Runner::Done, &|_| {}),
            Runner::Away => {
                let closed = |id: &u8| self.sessions[usize::from(*id)] == Session::Closed;
                let free = (0..POOLED).find(|id| closed(id) && !self.is_known(*id));
                if let Some(id) = free {
                    let open = |state: &mut State| state.sessions[usize::from(id)] = Session::Idle;
                    push(Runner::Waiting(id), &open);
                }
            }
            Runner::Waiting(id) if self.sessions[usize::from(id)] == Session::Closed => {
                push(Runner::Away, &|_| {})
            }
            Runner::Waiting(id) => match self.data.next() {
                None => push(Runner::Done, &|state| state.close(id)),
                Some(next) if self.lock.is_none() || !protocol.lock => {
                    push(Runner::Holding(id, next), &|state| state.lock = Some(id))
                }
                Some(_) => {}
            },
            Runner::Holding(id, _) if self.sessions[usize::from(id)] == Session::Closed => {
                push(Runner::Away, &|_| {})
            }
            Runner::Holding(id, message) => {
                for target in [id].into_iter().chain(protocol.pooler.then_some(POOLED)) {
                    if self.sessions[usize::from(target)] == Session::Idle
                        && self.answers[usize::from(target)].is_none()
                    {
                        push(Runner::Sent(id, target, message), &|state| {
                            state.sessions[usize::from(target)] = Session::Executing(message)
                        });
                    }
                }
            }
            Runner::Sent(id, target, message) => match self.answers[usize::from(target)] {
                Some(true) => {
                    let after = [Apply, Begin, Outside, Record].into_iter().find(|m| *m > message);
                    let taken = |state: &mut State| state.answers[usize::from(target)] = None;
                    match after {
                        Some(next) => push(Runner::Holding(id, next), &taken),
                        None => push(Runner::Done, &|state| {
                            taken(state);
                            state.close(id);
                        }),
                    }
                }
                Some(false) => push(Runner::Away, &|state| {
                    state.answers[usize::from(target)] = None;
                    state.close(id);
                }),
                None if self.sessions[usize::from(target)] == Session::Closed => {
                    push(Runner::Away, &|state| state.close(id))
                }
                None => {}
            },
        }
        // it dies, or loses its connection: what it sent is still executed
        match runner {
            Runner::Waiting(id) | Runner::Holding(id, _) => {
                push(Runner::Away, &|state| state.close(id))
            }
            Runner::Sent(id, target, _) => push(Runner::Away, &|state| {
                state.answers[usize::from(target)] = None;
                if id != target {
                    state.close(id);
                }
            }),
            Runner::Away | Runner::Done => {}
        }
    }

    /// What the server can do with a session.
    fn serve(&self, id: u8, protocol: Protocol, found: &mut Vec<State>) {
        let at = usize::from(id);
        if let Session::Executing(message) = self.sessions[at] {
            let mut state = self.clone();
            let holds = state.lock == Some(id);
            let success = state.data.execute(message, protocol, holds);
            state.sessions[at] = Session::Idle;
            let awaits =
                |runner: &Runner| matches!(runner, Runner::Sent(_, target, _) if *target == id);
            match self.runners.iter().any(awaits) {
                true => state.answers[at] = Some(success),
                // nobody is there any more
                false if id != POOLED => state.close(id),
                false => {}
            }
            found.push(state);
        }
        // somebody ends it; what it executes is rolled back
        if self.sessions[at] != Session::Closed && id != POOLED {
            let mut state = self.clone();
            state.close(id);
            found.push(state);
        }
    }

    /// Whether a runner still believes in a session.
    fn is_known(&self, session: u8) -> bool {
        self.runners.iter().any(|runner| match runner {
            Runner::Waiting(id) | Runner::Holding(id, _) => *id == session,
            Runner::Sent(id, target, _) => *id == session || *target == session,
            Runner::Away | Runner::Done => false,
        })
    }

    /// The end of a session frees its lock.
    fn close(&mut self, id: u8) {
        self.sessions[usize::from(id)] = Session::Closed;
        self.answers[usize::from(id)] = None;
        if self.lock == Some(id) {
            self.lock = None;
        }
    }

    fn sort(&mut self) {
        self.runners.sort();
    }

    fn is_finished(&self) -> bool {
        self.data.next().is_none()
    }

    /// Nothing has happened twice, and what is recorded has happened.
    fn is_right(&self) -> bool {
        let data = &self.data;
        data.first_effects <= 1
            && data.second_effects <= 1
            && data.first_row == (data.first_effects == 1)
            && (!data.second_row || data.second_effects == 1)
    }
}

/// Every state that can be reached, with the numbers of its successors.
fn search(runners: usize, protocol: Protocol) -> (Vec<State>, Vec<Vec<usize>>) {
    let mut numbers = HashMap::from([(State::start(runners), 0)]);
    let mut states = vec![State::start(runners)];
    let mut edges = Vec::new();
    while edges.len() < states.len() {
        let successors = states[edges.len()].successors(protocol);
        let number = |state: State| {
            *numbers.entry(state).or_insert_with_key(|state| {
                states.push(state.clone());
                states.len() - 1
            })
        };
        edges.push(successors.into_iter().map(number).collect());
        if let Some(wrong) = states.last().filter(|state| !state.is_right()) {
            // enough is known
            return (vec![wrong.clone()], Vec::new());
        }
    }
    (states, edges)
}

/// Those from which no order of events leads to the end.
fn stuck(states: &[State], edges: &[Vec<usize>]) -> Vec<usize> {
    let mut before = vec![Vec::new(); states.len()];
    for (from, successors) in edges.iter().enumerate() {
        successors.iter().for_each(|to| before[*to].push(from));
    }
    let mut ends = vec![false; states.len()];
    let mut open: Vec<_> =
        (0..states.len()).filter(|number| states[*number].is_finished()).collect();
    while let Some(number) = open.pop() {
        if !std::mem::replace(&mut ends[number], true) {
            open.extend(&before[number]);
        }
    }
    (0..states.len()).filter(|number| !ends[*number]).collect()
}

#[test]
fn nothing_happens_twice_and_somebody_can_always_finish() {
    // three where somebody asks for all: two already meet in every way
    let all = std::env::var_os("DEEPREF_ROUNDS").is_some_and(|value| !value.is_empty());
    let (states, edges) = search(if all { RUNNERS } else { 2 }, WHOLE);
    assert!(states.iter().all(State::is_right), "{:#?}", states[0]);
    assert!(states.len() > 1000, "{} states", states.len());
    let stuck = stuck(&states, &edges);
    assert!(stuck.is_empty(), "{:#?}", states[stuck[0]]);
    println!("{} states", states.len());
}

#[test]
fn without_its_parts_the_protocol_is_found_wanting() {
    let wrong = |protocol: Protocol| {
        let (states, _) = search(2, protocol);
        states.iter().any(|state| !state.is_right())
    };
    assert!(wrong(Protocol { lock: false, fence: false, claim: false, pooler: false }));
    // a pooler moves the message to a session without the lock
    assert!(wrong(Protocol { fence: false, claim: false, ..WHOLE }));
    // either of the two is enough against that
    assert!(!wrong(Protocol { fence: false, ..WHOLE }));
    assert!(!wrong(Protocol { claim: false, ..WHOLE }));
}
