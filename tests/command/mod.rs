//! The program itself, run as a person or a script runs it.

mod bad_input;
mod simulate;
