//! The use cases of Casebridge over ports.
//!
//! Nothing here names a database, a mail server or HTTP: those come in through [`World`].

mod access;
pub mod accounts;
pub mod activation;
pub mod admission;
pub mod audit;
pub mod branding;
pub mod cases;
pub mod close_case;
pub mod close_guard;
pub mod connection;
pub mod courier;
pub mod customer_link;
pub mod customer_online;
pub mod customer_page;
pub mod desk;
pub mod device_hand_over;
mod device_sessions;
pub mod devices;
pub mod doctor;
pub mod endpoints;
pub mod feed;
pub mod hand_over;
pub mod help_request;
pub mod invitation;
pub mod journal;
pub mod letters;
pub mod oauth_app;
pub mod open_case;
pub mod outside;
pub mod ports;
pub mod push;
pub mod records;
pub mod reports;
pub mod request_page;
pub mod rollups;
pub mod settle;
pub mod sign_in;
pub mod signed_notice;
pub mod start_session;
pub mod step;
pub mod technician_sign_in;
pub mod templates;
pub mod ticket_facts;
pub mod watch;
pub mod widget;
pub mod world;

pub use desk::Desk;
pub use outside::Outside;
pub use world::World;
