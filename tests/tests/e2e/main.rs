//! The product end to end: scenarios named after what a user gets, written once and asked of every host.
//!
//! Each test starts processes of its own: the host, a TeamViewer sandbox, a mail catcher.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

mod activation;
mod audit;
mod bad_input;
mod busy;
mod connection;
mod console;
mod customer_page;
mod deliveries;
mod demo;
mod deployed;
mod device_sessions;
mod devices;
mod doctor;
mod endpoint_command;
mod exactly_once;
mod expiry;
mod facts;
mod faults;
mod feed;
mod guard;
mod hand_over;
mod handover;
mod help_request;
mod in_a_browser;
mod isolation;
mod mail;
mod mail_faults;
mod online;
mod operator;
mod outage;
mod permissions;
mod play;
mod policies;
mod push;
mod reports;
mod rollups;
mod round_trips;
mod run;
mod secrets;
mod stop;
mod technicians;
mod templates;
mod widget;
mod woken;
