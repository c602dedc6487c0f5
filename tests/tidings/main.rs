//! The behaviour of tidings as a user sees it: through the command line, on sites made for the purpose.

#![expect(clippy::disallowed_methods, reason = "tests stand outside the house")]

mod archives;
mod blogs;
mod bounces;
mod cadences;
mod campaign;
mod checked;
mod checkers;
mod commands;
mod corpus;
mod delivery;
mod desk;
mod digest;
mod dns;
mod docs;
mod feeds;
mod groups;
mod http;
mod hub;
mod ids;
mod issues;
mod kept;
mod killed;
mod ledger;
mod lists;
mod logs;
mod manners;
mod media;
mod newcomer;
mod odd_relays;
mod operator;
mod posts;
mod private;
mod public_page;
mod reference;
mod relay;
mod relays;
mod serve;
mod signed;
mod site;
mod standing;
mod storage;
mod tidy;
mod trouble;
mod webhooks;
