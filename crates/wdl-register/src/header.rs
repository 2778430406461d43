//! What the door makes of the header, before anything is opened: who sends, for whom, under which contract, for when, and what it does to those before.

use jiff::Timestamp;
use wdl_contract::Contract;
use wdl_crypto::{Moment, Realm, Validity, VerifyingKey};
use wdl_delivery::{Delivery, DeliveryKind, Header, Scope, Sealed, Standing, standing};
use wdl_vocab::diagnostics::codes::register as codes;
use wdl_vocab::{BodyId, DeliveryId, Diagnostic, Period, Severity};

use crate::accepted::Accepted;
use crate::door::Door;
use crate::error::ReceiveError;

/// A clock is off when it differs by more than this from what can be.
const CLOCK_MINUTES: i64 = 10;
/// Off by more than this a delivery is refused: what it says of its time says nothing.
const CLOCK_DAYS: i64 = 30;

impl Door<'_> {
    /// The body is of the agreement and signed it.
    pub(crate) fn check_signature(&self, delivery: &Delivery<Sealed>) -> Result<(), ReceiveError> {
        let body = &delivery.header().declared.body;
        let key = self
            .bodies
            .get(body)
            .ok_or_else(|| ReceiveError::UnknownBody { body: body.clone() })?;
        delivery.verify(key)?;
        self.check_certificate(body, key)
    }

    /// The body's key is certified today. Nothing lets an ended certificate pass.
    fn check_certificate(&self, body: &BodyId, key: &VerifyingKey) -> Result<(), ReceiveError> {
        if self.certificates.is_empty() {
            return Ok(());
        }
        let now = Moment::of_seconds(self.now.as_second()).expect("a timestamp is a moment");
        let own = self.certificates.get(body);
        let validity = own
            .filter(|certificate| certificate.key == *key)
            .map(|certificate| certificate.at(now));
        match validity {
            Some(Validity::Valid) => Ok(()),
            Some(Validity::NotYet | Validity::Expired) | None => Err(ReceiveError::Certificate {
                body: body.clone(),
                not_after: own.map(|certificate| certificate.not_after),
            }),
        }
    }

    /// For this lab, under a contract in force and its purpose, for a quarter that can be.
    pub(crate) fn check_header(&self, header: &Header) -> Result<&Contract, ReceiveError> {
        let declared = &header.declared;
        if declared.realm != *self.realm {
            return Err(ReceiveError::OtherLab {
                expected: shown(self.realm),
                actual: shown(&declared.realm),
            });
        }
        let contract = self
            .contracts
            .get(&declared.body, &declared.dataset)
            .ok_or_else(|| ReceiveError::UnknownContract {
                body: declared.body.clone(),
                dataset: declared.dataset.clone(),
            })?;
        self.check_in_force(contract)?;
        check_contract(contract, header)?;
        let is_allowed = self.purposes.contains(&contract.purpose);
        if !is_allowed || declared.purpose != contract.purpose {
            return Err(ReceiveError::Purpose {
                contract: contract.id.clone(),
                expected: contract.purpose.clone(),
            });
        }
        self.check_period(declared.period)?;
        Ok(contract)
    }

    /// The agreement holds today, and the contract under it.
    fn check_in_force(&self, contract: &Contract) -> Result<(), ReceiveError> {
        let (first, last) = self.term;
        let today = self.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let status = contract.document().get("status");
        let status = status
            .and_then(|status| status.letters())
            .unwrap_or("active");
        match status {
            "active" | "deprecated" if (first..=last).contains(&today) => Ok(()),
            _ => Err(ReceiveError::NotInTerm {
                contract: contract.id.clone(),
                status: status.to_owned(),
                first,
                last,
            }),
        }
    }

    fn check_period(&self, period: Period) -> Result<(), ReceiveError> {
        let (minimum, maximum) = self.periods;
        let is_quarter = matches!(period, Period::Quarter { .. });
        match is_quarter && period >= minimum && period <= maximum {
            true => Ok(()),
            false => Err(ReceiveError::PeriodImplausible {
                period,
                minimum,
                maximum,
            }),
        }
    }

    /// Whether the time of sealing can be: not after now, not before the period began.
    pub(crate) fn check_clock(&self, header: &Header) -> Result<Vec<Diagnostic>, ReceiveError> {
        let declared = &header.declared;
        let refused = || ReceiveError::Clock { limit: CLOCK_DAYS };
        let created: Timestamp = declared.created.parse().map_err(|_| refused())?;
        let began = declared
            .period
            .first_day()
            .to_zoned(jiff::tz::TimeZone::UTC);
        let began = began.map_err(|_| refused())?.timestamp();
        let late = created.duration_since(self.now).as_mins();
        let early = began.duration_since(created).as_mins();
        let off = late.max(early);
        if off > CLOCK_DAYS * 24 * 60 {
            return Err(refused());
        }
        if off <= CLOCK_MINUTES {
            return Ok(Vec::new());
        }
        let note = Diagnostic::new(codes::CLOCK_OFF)
            .with("count", off / 60)
            .severity(Severity::Note);
        Ok(vec![note])
    }

    /// Whether it is new, and what it names is in force.
    pub(crate) fn check_news(
        &self,
        delivery: &Delivery<Sealed>,
        already: &[Accepted],
    ) -> Result<(), ReceiveError> {
        let header = delivery.header();
        let replay = |delivery: &DeliveryId| ReceiveError::Replay {
            delivery: delivery.clone(),
        };
        if let Some(same) = already.iter().find(|one| one.delivery == *delivery.id()) {
            return Err(replay(&same.delivery));
        }
        let standing = standing(already);
        let declared = &header.declared;
        let ours = |one: &&Standing<'_, Accepted>| {
            let one = one.delivery;
            one.body == declared.body && one.dataset == declared.dataset
        };
        let here: Vec<&Accepted> = standing
            .iter()
            .filter(ours)
            .map(|one| one.delivery)
            .filter(|one| one.period == declared.period)
            .collect();
        let content = self.keyed(header.content_digest);
        let is_cancelling = matches!(declared.kind, DeliveryKind::Cancelling { .. });
        let same = here.iter().find(|one| one.sealed_content == content);
        if let (Some(same), false) = (same, is_cancelling) {
            return Err(replay(&same.delivery));
        }
        match (&declared.kind, here.first()) {
            (DeliveryKind::Ordinary {}, Some(one)) => Err(ReceiveError::PeriodTaken {
                body: declared.body.clone(),
                dataset: declared.dataset.clone(),
                period: declared.period,
                delivery: one.delivery.clone(),
            }),
            (DeliveryKind::Ordinary {}, None) => {
                let newest = standing.iter().filter(ours).map(|one| one.delivery.period);
                check_age(header, newest.max())
            }
            (
                DeliveryKind::Substitutive {
                    of,
                    scope: Scope::Whole | Scope::Rejected,
                }
                | DeliveryKind::Cancelling { of },
                _,
            ) => match here.iter().any(|one| one.delivery == *of) {
                true => Ok(()),
                false => Err(ReceiveError::NotInForce {
                    delivery: of.clone(),
                }),
            },
        }
    }
}

/// A period older than the newest comes only as a correction, with a reason.
fn check_age(header: &Header, newest: Option<Period>) -> Result<(), ReceiveError> {
    let declared = &header.declared;
    match newest {
        Some(newest) if newest > declared.period && declared.reason.is_none() => {
            Err(ReceiveError::OldAfterNew {
                dataset: declared.dataset.clone(),
                period: declared.period,
                newest,
            })
        }
        _ => Ok(()),
    }
}

fn shown(realm: &Realm) -> String {
    format!("{}/{}/{}", realm.lab(), realm.project(), realm.key_period())
}

fn check_contract(contract: &Contract, header: &Header) -> Result<(), ReceiveError> {
    let declared = &header.declared;
    if (&declared.contract_id, &declared.contract_version) != (&contract.id, &contract.version) {
        return Err(ReceiveError::ContractVersion {
            contract: contract.id.clone(),
            expected: contract.version.clone(),
            actual: declared.contract_version.clone(),
        });
    }
    match declared.contract_digest == contract.digest {
        true => Ok(()),
        false => Err(ReceiveError::ContractText {
            contract: contract.id.clone(),
            version: contract.version.clone(),
        }),
    }
}
