//! Ports for child processes, which can't be handed a bound socket.

use std::{
    env, fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process,
};

/// Below the range that Linux gives to outgoing connections, so that none of those can take a reserved port.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A port of 127.0.0.1 that no other test takes for as long as this lives.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lock: fs::File,
}

impl Port {
    /// Finds a port that nobody listens on and locks it against the other test processes.
    pub fn reserve() -> io::Result<Self> {
        let locks = env::temp_dir().join("casebridge-test-ports");
        fs::create_dir_all(&locks)?;
        let spread = u16::try_from(process::id().wrapping_mul(97) % u32::from(COUNT)).unwrap_or(0);
        for step in 0..COUNT {
            let number = FIRST + (spread + step) % COUNT;
            let lock = fs::File::create(locks.join(number.to_string()))?;
            if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Ok(Self { number, _lock: lock });
            }
        }
        Err(io::Error::other("every port for tests is taken"))
    }

    /// The port's number.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// The port on the loopback address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.number).into()
    }
}
