//! Key files.

use std::path::Path;

use wdl_crypto::oprf::{OprfKey, PublicKey};
use wdl_crypto::{HashKey, KeyError, Recipient, SealingKey, SigningKey, VerifyingKey};

#[test]
fn every_key_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);

    let signing = SigningKey::generate();
    signing.write(&at("signing")).unwrap();
    signing.verifying_key().write(&at("verifying")).unwrap();
    let verifying = VerifyingKey::read(&at("verifying")).unwrap();
    let read = SigningKey::read(&at("signing")).unwrap();
    assert!(
        verifying
            .verify("use", b"x", &read.sign("use", b"x"))
            .is_ok()
    );

    let sealing = SealingKey::generate();
    sealing.write(&at("sealing")).unwrap();
    sealing.recipient().write(&at("recipient")).unwrap();
    let sealed = Recipient::read(&at("recipient")).unwrap().seal(b"x");
    let read = SealingKey::read(&at("sealing")).unwrap();
    assert_eq!(read.open(&sealed).as_deref(), Ok(b"x".as_slice()));

    let hashing = HashKey::generate();
    hashing.write(&at("hashing")).unwrap();
    let read = HashKey::read(&at("hashing")).unwrap();
    assert_eq!(read.hash("d", b"x"), hashing.hash("d", b"x"));

    let oprf = OprfKey::generate();
    oprf.write(&at("oprf")).unwrap();
    oprf.public_key().write(&at("oprf.pub")).unwrap();
    assert!(PublicKey::read(&at("oprf.pub")).unwrap() == oprf.public_key());
    assert!(OprfKey::read(&at("oprf")).unwrap().public_key() == oprf.public_key());
}

#[test]
fn a_key_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let first = SigningKey::generate();
    first.write(&path).unwrap();
    let refused = SigningKey::generate().write(&path);
    assert!(matches!(refused, Err(KeyError::Exists { .. })));
    let kept = SigningKey::read(&path).unwrap().verifying_key();
    assert_eq!(kept, first.verifying_key());

    let public = folder.path().join("public");
    first.verifying_key().write(&public).unwrap();
    first.verifying_key().write(&public).unwrap();
    let other = SigningKey::generate().verifying_key();
    assert!(matches!(other.write(&public), Err(KeyError::Exists { .. })));
}

#[test]
fn another_kind_of_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    HashKey::generate().write(&path).unwrap();
    assert!(matches!(
        SigningKey::read(&path),
        Err(KeyError::WrongKind { .. })
    ));
    assert!(matches!(
        SigningKey::read(Path::new("/nowhere/at/all")),
        Err(KeyError::Unreadable { .. })
    ));
    let odd = folder.path().join("odd");
    std::fs::write(&odd, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(
        VerifyingKey::read(&odd),
        Err(KeyError::WrongKind { .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_secret_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    SealingKey::generate().write(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(
        SealingKey::read(&path),
        Err(KeyError::OpenToOthers { .. })
    ));
}
