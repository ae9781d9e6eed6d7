//! The vault on KMS, against a stand-in that speaks its wire protocol.
#![expect(clippy::unwrap_used, reason = "a test ends where it is surprised")]

use std::error::Error;
use std::io::Write;
use std::iter::successors;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_kms::config::Credentials;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use casebridge_app::ports::vault::{SecretKind, VaultError};
use casebridge_app::ports::{Ids, Vault};
use casebridge_aws::{Roots, SharedHttpClient, http_client, tls};
use casebridge_domain::hex::hex;
use casebridge_domain::{AccountId, Instant, Sealed};
use casebridge_tests::kms::{Calls, Fault, KEY, Kms};
use casebridge_vault::{KeyFileVault, KeyRing, KmsConfig, KmsVault, MasterKey};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

const TOKEN: &str = "19872346-teamviewer-script-token";
const KIND: SecretKind = SecretKind::ScriptToken;

/// The same nonce every time is safe here: no data key seals twice.
struct Fixed;

impl Ids for Fixed {
    fn time_ordered(&self, _now: Instant) -> Uuid {
        Uuid::nil()
    }

    fn secret(&self) -> [u8; 32] {
        [9; 32]
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}

fn http() -> SharedHttpClient {
    http_client(tls(Roots::CompiledIn).unwrap())
}

fn config(url: &str, key: &str) -> KmsConfig {
    KmsConfig {
        region: "eu-central-1".to_owned(),
        credentials: Credentials::new("id", "the credential", None, None, "test"),
        endpoint: Some(url.to_owned()),
        key: key.to_owned(),
    }
}

/// As another process would have it: nothing is shared but KMS.
fn vault(kms: &Kms) -> KmsVault {
    KmsVault::new(config(&kms.url(), KEY), http(), Arc::new(Fixed))
}

fn ring() -> KeyFileVault {
    KeyFileVault::new(KeyRing::new(MasterKey::new([7; 32])), Arc::new(Fixed))
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

async fn sealed(vault: &impl Vault) -> Sealed {
    vault.seal(&account("acme"), KIND, &SecretString::from(TOKEN)).await.unwrap()
}

async fn opened(vault: &impl Vault, sealed: &Sealed) -> Result<String, VaultError> {
    let secret = vault.open(&account("acme"), KIND, sealed).await?;
    Ok(secret.expose_secret().to_owned())
}

fn chain(error: &dyn Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[tokio::test]
async fn what_one_process_seals_another_opens_with_one_call_in_an_hour() {
    let kms = Kms::start().await.unwrap();
    let sealed = sealed(&vault(&kms)).await;
    assert_eq!(kms.calls(), Calls { made: 1, opened: 0 });
    let another = vault(&kms);
    for _ in 0..3 {
        assert_eq!(opened(&another, &sealed).await.unwrap(), TOKEN);
    }
    assert_eq!(kms.calls(), Calls { made: 1, opened: 1 });
}

#[tokio::test]
async fn another_account_and_another_kind_are_refused_by_kms_and_also_where_the_key_is_known() {
    let kms = Kms::start().await.unwrap();
    let (cold, warm) = (vault(&kms), vault(&kms));
    let sealed = sealed(&warm).await;
    opened(&warm, &sealed).await.unwrap();
    for vault in [cold, warm] {
        for (id, kind) in [("acme-2", KIND), ("acme", SecretKind::InboundSecret)] {
            kms.forget_calls();
            let refused = vault.open(&account(id), kind, &sealed).await;
            assert!(matches!(refused, Err(VaultError::CannotOpen)), "{refused:?}");
            assert_eq!(kms.calls(), Calls { made: 0, opened: 1 }, "a known key is known for one secret only");
        }
    }
}

#[tokio::test]
async fn no_byte_of_an_envelope_can_be_changed_or_left_out() {
    let kms = Kms::start().await.unwrap();
    let vault = vault(&kms);
    let bytes = URL_SAFE_NO_PAD.decode(sealed(&vault).await.as_str()).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        for broken in [&changed[..], &bytes[..place]] {
            let refused = opened(&vault, &Sealed::new(URL_SAFE_NO_PAD.encode(broken))).await;
            assert!(matches!(refused, Err(VaultError::CannotOpen)), "{place}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn the_same_secret_never_has_the_same_data_key() {
    let kms = Kms::start().await.unwrap();
    let vault = vault(&kms);
    assert_ne!(sealed(&vault).await, sealed(&vault).await);
    assert_eq!(kms.data_keys().len(), 2);
}

#[tokio::test]
async fn what_a_key_ring_sealed_is_read_on_and_nothing_more_is_sealed_with_it() {
    let kms = Kms::start().await.unwrap();
    let before = sealed(&ring()).await;
    let both = vault(&kms).and_opens_of(ring());
    assert_eq!(opened(&both, &before).await.unwrap(), TOKEN);
    assert_eq!(kms.calls(), Calls::default());
    let after = sealed(&both).await;
    assert_eq!(opened(&vault(&kms), &after).await.unwrap(), TOKEN);
    for (vault, sealed) in [(&vault(&kms) as &dyn Vault, &before), (&ring(), &after)] {
        let refused = vault.open(&account("acme"), KIND, sealed).await;
        assert!(matches!(refused, Err(VaultError::CannotOpen)), "{refused:?}");
    }
}

#[tokio::test]
async fn another_key_opens_nothing() {
    let kms = Kms::start().await.unwrap();
    let sealed = sealed(&vault(&kms)).await;
    let other = KmsVault::new(config(&kms.url(), "another"), http(), Arc::new(Fixed));
    assert!(matches!(opened(&other, &sealed).await, Err(VaultError::CannotOpen)));
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times_and_what_an_operator_must_put_right_once() {
    let kms = Kms::start().await.unwrap();
    let sealed = sealed(&vault(&kms)).await;
    for (fault, tries, said) in [
        (Fault::Away, 3, "the key service does not answer: KMS did not answer: "),
        (Fault::InternalError, 3, "the key service does not answer: KMS answered KMSInternalException: "),
        (Fault::Disabled, 1, "the key service does not answer: KMS answered DisabledException: "),
    ] {
        let vault = vault(&kms);
        kms.set_fault(Some(fault));
        kms.forget_calls();
        let not_opened = opened(&vault, &sealed).await.unwrap_err();
        let not_sealed = vault.seal(&account("acme"), KIND, &SecretString::from(TOKEN)).await.unwrap_err();
        assert_eq!(kms.calls(), Calls { made: tries, opened: tries }, "{fault:?}");
        for error in [not_opened, not_sealed] {
            assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
            assert!(chain(&error).starts_with(said), "{}", chain(&error));
        }
        kms.set_fault(None);
        assert_eq!(opened(&vault, &sealed).await.unwrap(), TOKEN);
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_in_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let silent = KmsVault::new(config(&url, KEY), http(), Arc::new(Fixed));
    let before = tokio::time::Instant::now();
    let error = silent.seal(&account("acme"), KIND, &SecretString::from(TOKEN)).await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
    assert!(before.elapsed() <= Duration::from_secs(6), "{:?}", before.elapsed());
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_the_most_talkative_log_nor_an_error_nor_debug_shows_a_key_or_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    let logging = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let kms = Kms::start().await.unwrap();
    // The test's one thread does everything, so all of it is logged here.
    let logged = tracing::subscriber::set_default(logging.finish());
    let (vault, said) = say_everything(&kms).await;
    drop(logged);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("GenerateDataKey") && text.contains("Decrypt"), "nothing was logged");
    let shown = format!("{text} {said} {vault:?}");
    assert!(!shown.contains(TOKEN) && !shown.contains("the credential"));
    let keys = kms.data_keys();
    assert!(!keys.is_empty());
    for key in keys {
        let listed = format!("{key:?}");
        for form in
            [STANDARD.encode(key), URL_SAFE_NO_PAD.encode(key), hex(&key), listed[1..listed.len() - 1].to_owned()]
        {
            assert!(!shown.contains(&form), "{form}");
        }
    }
}

async fn say_everything(kms: &Kms) -> (KmsVault, String) {
    let (one, another) = (vault(kms), vault(kms));
    let sealed = sealed(&one).await;
    opened(&another, &sealed).await.unwrap();
    let mut said = chain(&another.open(&account("acme-2"), KIND, &sealed).await.unwrap_err());
    kms.set_fault(Some(Fault::InternalError));
    said.push_str(&chain(&one.seal(&account("acme"), KIND, &SecretString::from(TOKEN)).await.unwrap_err()));
    (another, said)
}
