//! What `SqliteEngine` does beyond what every engine does: files, groups, crashes, copies.

#[cfg(test)]
mod beside;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod room;
#[cfg(test)]
mod support;
