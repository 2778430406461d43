//! Certificates of the bodies' keys: the lab's word to the custodians, for a limited time.

use std::path::PathBuf;

use wdl_crypto::{Certificate, Moment, SigningKey};
use wdl_ledger::Act;
use wdl_protocol::Act as Permission;
use wdl_vocab::BodyId;

use crate::desk::Done;
use crate::home::Part;
use crate::office::{AGREEMENT_KEY, public_key};
use crate::{Desk, Home, Stopped};

/// A body whose key is certified.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The body.
    pub body: BodyId,
    /// The certificate, to hand to both custodians.
    pub file: PathBuf,
    /// The last moment it holds.
    pub not_after: Moment,
}

/// Where the certificate of a body's key lies.
pub(crate) fn certificate_file(home: &Home, body: &BodyId) -> PathBuf {
    let bodies = home.of(Part::PublicKeys).join("bodies");
    bodies.join(format!("{body}.cert.json"))
}

/// Certifies the key of every body that has handed one in, from now on for so many days.
///
/// # Errors
/// [`Stopped`] when the office may not take deliveries in, or a key does not read.
pub fn certify(desk: &mut Desk, days: u32) -> Result<Vec<Certified>, Stopped> {
    let tried = Act::Certified {
        bodies: Vec::new(),
        days,
    };
    desk.act(Permission::Receive, tried, |desk| {
        let certified = signed(desk, days)?;
        let bodies = certified.iter().map(|one| one.body.clone()).collect();
        Ok(Done {
            act: Act::Certified { bodies, days },
            object: None,
            value: certified,
        })
    })
}

fn signed(desk: &Desk, days: u32) -> Result<Vec<Certified>, Stopped> {
    let agreement = SigningKey::read(&desk.home.of(Part::SecretKeys).join(AGREEMENT_KEY))?;
    let now = Moment::of_seconds(desk.now.as_second()).expect("a timestamp is a moment");
    let public = desk.home.of(Part::PublicKeys);
    let mut certified = Vec::new();
    for body in &desk.lab.bodies {
        if !public.join(&body.verifying_key).is_file() {
            continue;
        }
        let certificate = Certificate {
            lab: desk.lab.id.to_string(),
            body: body.id.clone(),
            key: public_key(&desk.home, &body.verifying_key)?,
            not_before: now,
            not_after: now.plus_days(days),
        };
        let file = certificate_file(&desk.home, &body.id);
        let not_after = certificate.not_after;
        certificate
            .sign(&agreement)
            .and_then(|signed| signed.write(&file))
            .map_err(|error| Stopped::file(&file, &error))?;
        certified.push(Certified {
            body: body.id.clone(),
            file,
            not_after,
        });
    }
    Ok(certified)
}
