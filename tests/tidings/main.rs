//! The behaviour of tidings as a user sees it: through the command line, on sites made for the purpose.

#![expect(clippy::disallowed_methods, reason = "tests stand outside the house")]

mod blogs;
mod checkers;
mod commands;
mod delivery;
mod digest;
mod docs;
mod feeds;
mod killed;
mod posts;
mod relay;
mod site;
mod tidy;
mod trouble;
