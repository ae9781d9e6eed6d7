//! The client against a TeamViewer that answers as each test says.

#[cfg(test)]
mod account;
#[cfg(test)]
mod authorization;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod probes;
#[cfg(test)]
mod sessions;
