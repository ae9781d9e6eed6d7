//! What is written down about calls.

use std::io::Write;
use std::sync::{Arc, Mutex};

use casebridge_app::ports::TeamViewer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::fake::{Fake, TOKEN, code, ok, session, text, token};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_call_is_one_line_with_nothing_secret_or_personal_in_it() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(lines.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fake = Fake::answering(|seen| match seen.line().as_str() {
        "GET /sessions/s119-457-589" => ok(&session()),
        _ => text(400, format!("{{\"error_description\":\"{TOKEN} max@example.com https://get.teamviewer.com/\"}}")),
    });
    let fake = fake.await;
    fake.client().session(&token(), &code()).await.unwrap();
    let refused = fake.client().group_named(&token(), "Secret plans").await.unwrap_err();

    let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> = written.lines().filter(|line| line.contains("casebridge_teamviewer")).collect();
    assert_eq!(ours.len(), 2, "{written}");
    for (line, words) in
        ours.iter().zip([["function=\"session\"", "status=200"], ["function=\"group_named\"", "status=400"]])
    {
        assert!(words.iter().all(|word| line.contains(word)) && line.contains("duration_ms="), "{line}");
    }
    for secret in [TOKEN, "get.teamviewer.com", "max@", "Jon+Snow", "AEG8iPEEzz96", "Secret plans", "127.0.0.1"] {
        assert!(!ours.iter().any(|line| line.contains(secret)), "{secret}: {written}");
    }
    assert!(!written.contains(TOKEN) && !format!("{refused:?}").contains(TOKEN));
}
