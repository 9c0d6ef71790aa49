//! Every operation of the language on real servers: the catalog is what the model says after `up`,
//! what it was after `down`, and the same again after another `up`; rows that were there come back.
//!
//! Each file is a topic: what is there before, and the changes that are tried on it.

mod columns;
mod constraints;
mod enums;
mod expressions;
mod foreign_keys;
mod indexes;
mod names;
mod namespaces;
mod retypes;
mod sequences;
mod tables;
mod together;
mod values;

use tests::ground::{Topic, prove_on};
use tests::server::{TestServer, all};

/// The oldest and the newest server: what both do alike, those between do.
fn ends() -> Vec<&'static TestServer> {
    let mut servers = all();
    if servers.len() > 2 {
        servers.drain(1..servers.len() - 1);
    }
    servers
}

/// Proves a topic on every server.
#[track_caller]
fn prove_everywhere(topic: &Topic) {
    prove_on(all(), topic);
}

/// Proves a topic on the oldest and the newest server.
#[track_caller]
fn prove(topic: &Topic) {
    prove_on(ends(), topic);
}
