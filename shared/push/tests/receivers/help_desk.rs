//! A help desk that takes comments.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// It knows what was written onto which ticket.
pub struct HelpDesk {
    pub port: u16,
    comments: Arc<Mutex<Vec<(String, String)>>>,
    refuses: Arc<AtomicBool>,
}

impl HelpDesk {
    pub async fn begin() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (comments, refuses) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<AtomicBool>::default());
        let (written, refusing) = (Arc::clone(&comments), Arc::clone(&refuses));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let comment = read(&mut stream).await;
                let status = if refusing.load(Ordering::Relaxed) {
                    "503 Service Unavailable"
                } else {
                    written.lock().unwrap().push(comment);
                    "201 Created"
                };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { port, comments, refuses }
    }

    /// Ticket and text of each, in order.
    pub fn comments(&self) -> Vec<(String, String)> {
        self.comments.lock().unwrap().clone()
    }

    pub fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::Relaxed);
    }
}

/// `POST /tickets/{ticket}/comments` with `{"text": …}`.
async fn read(stream: &mut TcpStream) -> (String, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let path = lines.next().unwrap().strip_prefix("POST /tickets/").unwrap();
    let ticket = path.split('/').next().unwrap().to_owned();
    let mut fields = lines.filter_map(|line| line.split_once(": "));
    let (_, length) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    let comment: Value = serde_json::from_slice(&body).unwrap();
    (ticket, comment["text"].as_str().unwrap().to_owned())
}
