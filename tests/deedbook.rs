//! The one integration test binary. Each module tests one part of the library from outside.

mod example;
mod readme;
mod record;
mod support;
