//! A custodian as the holder sees it: blinded values out, proved answers back.

use std::time::Duration;

use serde::Deserialize;
use wdl_crypto::oprf::PublicKey;
use wdl_crypto::oprf::wire::{MAX_RESPONSE_BYTES, Question, Response};

use crate::error::{CustodianError, CustodianFault};

/// What a custodian says of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct About {
    /// Its name in the agreement.
    pub custodian: String,
    /// The public half of its key.
    pub public_key: PublicKey,
}

/// Answers questions; over the network in life, in the same process in tests.
pub trait Custodian: Sync {
    /// How it is named in messages.
    fn address(&self) -> &str;

    /// Says who it is.
    ///
    /// # Errors
    /// [`CustodianError`] when there is no answer.
    fn about(&self) -> Result<About, CustodianError>;

    /// Answers one question.
    ///
    /// # Errors
    /// [`CustodianError`] when there is no answer; whether an answer is right is checked by the caller.
    fn answer(&self, question: &Question) -> Result<Response, CustodianError>;
}

/// A custodian's service on this machine, or at the near end of an encrypted tunnel.
pub struct HttpCustodian {
    address: String,
    agent: ureq::Agent,
}

/// A chunk is answered in well under a second; a service slower than this is down.
const TIMEOUT: Duration = Duration::from_secs(120);

impl HttpCustodian {
    /// A custodian at an address such as `http://127.0.0.1:7001`.
    ///
    /// # Errors
    /// [`CustodianError`] when the address is not on this machine: the values are blinded, but who asks for whom is not.
    pub fn new(address: &str) -> Result<HttpCustodian, CustodianError> {
        let address = address.trim_end_matches('/').to_owned();
        if !is_loopback(&address) {
            return Err(CustodianError {
                address,
                fault: CustodianFault::Address,
            });
        }
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .build()
            .new_agent();
        Ok(HttpCustodian { address, agent })
    }

    /// The whole body of an answer with status 200.
    fn whole(
        &self,
        sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Vec<u8>, CustodianError> {
        let down = |error: ureq::Error| self.fault(CustodianFault::Down(error.to_string()));
        let mut response = sent.map_err(down)?;
        let bytes = response
            .body_mut()
            .with_config()
            .limit(MAX_RESPONSE_BYTES as u64)
            .read_to_vec()
            .map_err(down)?;
        let status = response.status().as_u16();
        match status {
            200 => Ok(bytes),
            500.. => Err(self.fault(CustodianFault::Down(refusal(&bytes, status)))),
            _ => Err(self.fault(CustodianFault::Refused(refusal(&bytes, status)))),
        }
    }

    fn fault(&self, fault: CustodianFault) -> CustodianError {
        CustodianError {
            address: self.address.clone(),
            fault,
        }
    }
}

fn is_loopback(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else {
        return false;
    };
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => rest,
    };
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

impl Custodian for HttpCustodian {
    fn address(&self) -> &str {
        &self.address
    }

    fn about(&self) -> Result<About, CustodianError> {
        let url = format!("{}/v1/public-key", self.address);
        let bytes = self.whole(self.agent.get(url).call())?;
        serde_json::from_slice(&bytes)
            .map_err(|error| self.fault(CustodianFault::Answer(error.to_string())))
    }

    fn answer(&self, question: &Question) -> Result<Response, CustodianError> {
        let request = self
            .agent
            .post(format!("{}/v1/evaluate", self.address))
            .content_type("application/octet-stream");
        let bytes = self.whole(request.send(question.to_bytes().as_slice()))?;
        Response::from_bytes(&bytes)
            .map_err(|error| self.fault(CustodianFault::Answer(error.to_string())))
    }
}

/// What a custodian says when it refuses.
#[derive(Deserialize)]
struct Refusal {
    code: String,
}

/// The stable code of a refusal, which `wdl explain` explains.
fn refusal(bytes: &[u8], status: u16) -> String {
    let is_code = |code: &str| code.len() == 8 && code.starts_with("WDL-");
    match serde_json::from_slice::<Refusal>(bytes) {
        Ok(refusal) if is_code(&refusal.code) => format!("{status} {}", refusal.code),
        _ => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine() {
        for good in [
            "http://127.0.0.1:7001",
            "http://localhost:80/",
            "http://[::1]:9",
        ] {
            assert!(HttpCustodian::new(good).is_ok(), "{good}");
        }
        for bad in [
            "https://a.it",
            "http://10.0.0.1:80",
            "127.0.0.1:7001",
            "http://127.0.0.1.a.it",
        ] {
            assert!(HttpCustodian::new(bad).is_err(), "{bad}");
        }
    }
}
