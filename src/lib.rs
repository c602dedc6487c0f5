//! The rooms of tidings, a program that turns a folder of Markdown posts into feeds and a newsletter that arrives once.
//!
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod address;
pub mod bounces;
pub mod cli;
pub mod clock;
pub mod config;
pub mod content;
pub mod delivery;
pub mod diagnostic;
pub mod digest;
pub mod dns;
pub mod feed;
pub mod fsx;
pub mod ids;
pub mod ledger;
pub mod mail;
pub mod picture;
pub mod publish;
pub mod render;
pub mod report;
pub mod server;
pub mod subscribers;
pub mod template;
pub mod toml;
pub mod wire;
pub mod yaml;
