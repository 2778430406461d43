//! No secret type prints, clones or serialises: these lines do not compile otherwise.

use std::fmt::{Debug, Display};

use wdl_crypto::oprf::{Blinding, OprfKey};
use wdl_crypto::{HashKey, SealingKey, SigningKey, Token};

/// Two implementations fit a type that has the trait, and then the call is ambiguous.
macro_rules! has_not {
    ($type:ty: $($trait:path),+) => { $({
        trait Ambiguous<Which> {
            fn check() {}
        }
        struct Has;
        impl<T: ?Sized> Ambiguous<()> for T {}
        impl<T: ?Sized + $trait> Ambiguous<Has> for T {}
        <$type as Ambiguous<_>>::check();
    })+ };
}

#[test]
fn secrets_stay_where_they_are() {
    has_not!(SigningKey: Debug, Display, Clone, serde::Serialize);
    has_not!(SealingKey: Debug, Display, Clone, serde::Serialize);
    has_not!(HashKey: Debug, Display, Clone, serde::Serialize);
    has_not!(OprfKey: Debug, Display, Clone, serde::Serialize, serde::de::DeserializeOwned);
    has_not!(Blinding: Debug, Display, Clone, serde::Serialize);
    has_not!(Token: Display, Copy, serde::Serialize);
}

/// These have something to wipe when they go.
#[test]
fn secrets_are_wiped_when_dropped() {
    for is_wiped in [
        std::mem::needs_drop::<SigningKey>(),
        std::mem::needs_drop::<SealingKey>(),
        std::mem::needs_drop::<HashKey>(),
        std::mem::needs_drop::<OprfKey>(),
        std::mem::needs_drop::<Blinding>(),
        std::mem::needs_drop::<Token>(),
    ] {
        assert!(is_wiped);
    }
}
