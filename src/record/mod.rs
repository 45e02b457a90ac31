//! What can be said: keys, signatures and commitments as plain values. No I/O, no clock.

pub mod commitment;
pub mod hex;
pub mod public_key;
pub mod signer;
pub mod thumbprint;
