//! A mail catcher.
