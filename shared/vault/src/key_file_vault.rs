//! The vault on the installation's own keys.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use casebridge_app::ports::vault::{SecretKind, VaultError};
use casebridge_app::ports::{Ids, Vault};
use casebridge_domain::{AccountId, Sealed};
use secrecy::{ExposeSecret, SecretString};

use crate::KeyRing;
use crate::envelope::{self, Envelope, Key, Place, Unreadable};

/// Says that the data key is wrapped by a key ring.
const VERSION: u8 = 1;

/// Seals and opens with the installation's key ring.
pub struct KeyFileVault {
    ring: KeyRing,
    ids: Arc<dyn Ids>,
}

impl KeyFileVault {
    /// A vault on these keys; `ids` is where data keys and nonces come from.
    pub fn new(ring: KeyRing, ids: Arc<dyn Ids>) -> Self {
        Self { ring, ids }
    }

    fn seal_now(&self, place: &Place, secret: &str) -> Result<Sealed, Unreadable> {
        let data_key = Key::new(self.ids.secret());
        let wrapping = self.ring.wrap(&data_key, &envelope::nonce(self.ids.as_ref()), place.bytes())?;
        let nonce = envelope::nonce(self.ids.as_ref());
        let ciphertext = envelope::encrypt(&data_key, &nonce, secret.as_bytes(), place.bytes())?;
        Envelope { version: VERSION, wrapping, nonce, ciphertext }.to_sealed()
    }

    fn open_now(&self, place: &Place, sealed: &Sealed) -> Result<SecretString, Unreadable> {
        let envelope = Envelope::of_sealed(sealed)?;
        if envelope.version != VERSION {
            return Err(Unreadable);
        }
        let data_key = self.ring.unwrap(&envelope.wrapping, place.bytes())?;
        let plain = envelope::decrypt(&data_key, &envelope.nonce, &envelope.ciphertext, place.bytes())?;
        let secret = str::from_utf8(&plain).map_err(|_| Unreadable)?;
        Ok(SecretString::from(secret))
    }
}

impl fmt::Debug for KeyFileVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFileVault").field("ring", &self.ring).finish_non_exhaustive()
    }
}

#[async_trait]
impl Vault for KeyFileVault {
    async fn seal(&self, account: &AccountId, kind: SecretKind, secret: &SecretString) -> Result<Sealed, VaultError> {
        self.seal_now(&Place::of(VERSION, account, kind), secret.expose_secret())
            .map_err(|Unreadable| VaultError::Unavailable("the secret is too long for the cipher".into()))
    }

    async fn open(&self, account: &AccountId, kind: SecretKind, sealed: &Sealed) -> Result<SecretString, VaultError> {
        self.open_now(&Place::of(VERSION, account, kind), sealed).map_err(|Unreadable| VaultError::CannotOpen)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use casebridge_domain::Instant;
    use uuid::Uuid;

    use super::*;
    use crate::MasterKey;

    /// Never the same bytes twice, and the same in every run.
    #[derive(Default)]
    pub(crate) struct Counting(AtomicU8);

    impl Ids for Counting {
        fn time_ordered(&self, _now: Instant) -> Uuid {
            Uuid::nil()
        }

        fn secret(&self) -> [u8; 32] {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            std::array::from_fn(|byte| count.wrapping_mul(37).wrapping_add(u8::try_from(byte).unwrap()))
        }

        fn fraction(&self) -> f64 {
            0.5
        }
    }

    const TOKEN: &str = "19872346-teamviewer-script-token";

    fn vault(ring: KeyRing) -> KeyFileVault {
        KeyFileVault::new(ring, Arc::new(Counting::default()))
    }

    fn ring(byte: u8) -> KeyRing {
        KeyRing::new(MasterKey::new([byte; 32]))
    }

    fn acme() -> AccountId {
        AccountId::parse("acme").unwrap()
    }

    async fn sealed(vault: &KeyFileVault) -> Sealed {
        vault.seal(&acme(), SecretKind::ScriptToken, &SecretString::from(TOKEN)).await.unwrap()
    }

    async fn opens(vault: &KeyFileVault, sealed: &Sealed) -> bool {
        match vault.open(&acme(), SecretKind::ScriptToken, sealed).await {
            Ok(secret) => {
                assert_eq!(secret.expose_secret(), TOKEN);
                true
            }
            Err(VaultError::CannotOpen) => false,
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn what_was_sealed_for_a_place_opens_there() {
        let vault = vault(ring(1));
        assert!(opens(&vault, &sealed(&vault).await).await);
    }

    #[tokio::test]
    async fn an_empty_and_a_long_secret_are_kept_as_they_are() {
        let vault = vault(ring(1));
        for secret in [String::new(), "ü".repeat(100_000)] {
            let envelope =
                vault.seal(&acme(), SecretKind::InboundSecret, &SecretString::from(secret.clone())).await.unwrap();
            let opened = vault.open(&acme(), SecretKind::InboundSecret, &envelope).await.unwrap();
            assert_eq!(opened.expose_secret(), secret);
        }
    }

    #[tokio::test]
    async fn another_account_and_another_kind_open_nothing() {
        let vault = vault(ring(1));
        let envelope = sealed(&vault).await;
        let other = AccountId::parse("acme-2").unwrap();
        let elsewhere = vault.open(&other, SecretKind::ScriptToken, &envelope).await;
        assert!(matches!(elsewhere, Err(VaultError::CannotOpen)));
        let passed_off = vault.open(&acme(), SecretKind::InboundSecret, &envelope).await;
        assert!(matches!(passed_off, Err(VaultError::CannotOpen)));
    }

    #[tokio::test]
    async fn no_bit_of_an_envelope_can_be_changed() {
        let vault = vault(ring(1));
        let bytes = URL_SAFE_NO_PAD.decode(sealed(&vault).await.as_str()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!opens(&vault, &Sealed::new(URL_SAFE_NO_PAD.encode(changed))).await, "bit {bit}");
        }
    }

    #[tokio::test]
    async fn an_envelope_cut_short_or_lengthened_does_not_open() {
        let vault = vault(ring(1));
        let text = sealed(&vault).await.as_str().to_owned();
        for length in 0..text.len() {
            assert!(!opens(&vault, &Sealed::new(text[..length].to_owned())).await, "{length} characters");
        }
        for longer in [format!("{text}A"), format!("{text}AAAA"), format!("{text}="), format!(" {text}")] {
            assert!(!opens(&vault, &Sealed::new(longer)).await);
        }
    }

    #[tokio::test]
    async fn another_installation_opens_nothing() {
        let envelope = sealed(&vault(ring(1))).await;
        assert!(!opens(&vault(ring(2)), &envelope).await);
    }

    #[tokio::test]
    async fn after_a_rotation_the_newest_key_seals_and_the_older_ones_still_open() {
        let before = sealed(&vault(ring(1))).await;
        let rotated = vault(ring(2).and_older(MasterKey::new([1; 32])));
        assert!(opens(&rotated, &before).await);
        let after = sealed(&rotated).await;
        assert!(opens(&vault(ring(2)), &after).await);
        assert!(!opens(&vault(ring(1)), &after).await);
    }

    #[tokio::test]
    async fn the_same_secret_is_never_sealed_to_the_same_envelope() {
        let vault = vault(ring(1));
        assert_ne!(sealed(&vault).await, sealed(&vault).await);
    }

    #[tokio::test]
    async fn neither_envelope_nor_debug_shows_a_secret_or_a_key() {
        let vault = vault(ring(0xab));
        let envelope = sealed(&vault).await;
        let bytes = URL_SAFE_NO_PAD.decode(envelope.as_str()).unwrap();
        assert!(!bytes.windows(8).any(|window| TOKEN.as_bytes().windows(8).any(|piece| piece == window)));
        assert!(!bytes.windows(8).any(|window| window == [0xab; 8]));
        let shown = format!("{vault:?} {:?}", MasterKey::new([0xab; 32]));
        assert!(!shown.contains("171, 171") && !shown.contains("abab"), "{shown}");
    }
}
