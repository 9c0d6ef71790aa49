//! What must compile: the cases in `pass`, and the mistakes in `ui` with
//! their help applied.

#![allow(dead_code, reason = "each case has a `main` of its own")]

include!(concat!(env!("OUT_DIR"), "/accepted.rs"));

#[test]
fn it_compiles() {}
