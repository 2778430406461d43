//! Cost per value of the oblivious function on one core: ours, verified, and the `voprf` crate's, plain and verified, in the same run.
//!
//! Each step includes writing and reading what travels.
//! Standard output: one JSON object a line, `{"who":…,"step":…,"micros":…,"per_second":…}`, in processor time over several rounds; where the system does not tell it, in time of the clock.

use std::hint::black_box;
use std::time::Instant;

use voprf::{
    BlindedElement, EvaluationElement, OprfClient, OprfServer, Ristretto255, VoprfClient,
    VoprfServer,
};
use wdl_crypto::oprf::{self, OprfKey};

const COUNT: usize = 4_096;
const ROUNDS: usize = 10;

fn main() {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global()
        .expect("the pool is built once");
    let values: Vec<String> = (0..COUNT).map(|number| format!("{number:016}")).collect();
    let inputs: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
    let mut spent = [[0.0; 3]; 3];
    for _ in 0..ROUNDS {
        let round = [ours(&inputs), plain(&inputs), verified(&inputs)];
        for (spent, seconds) in spent.iter_mut().flatten().zip(round.iter().flatten()) {
            *spent += seconds / ROUNDS as f64;
        }
    }
    for (who, spent) in ["ours, verified", "voprf, plain", "voprf, verified"]
        .iter()
        .zip(spent)
    {
        let [blind, evaluate, finalize] = spent;
        report(who, "blind", blind);
        report(who, "evaluate", evaluate);
        report(who, "finalize", finalize);
        report(who, "client", blind + finalize);
    }
}

fn report(who: &str, step: &str, seconds: f64) {
    let micros = seconds * 1e6 / COUNT as f64;
    let per_second = COUNT as f64 / seconds;
    println!(
        r#"{{"who":"{who}","step":"{step}","micros":{micros:.1},"per_second":{per_second:.0}}}"#
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = (processor(), Instant::now());
    let value = black_box(work());
    let seconds = match (start.0, processor()) {
        (Some(before), Some(after)) => after - before,
        _ => start.1.elapsed().as_secs_f64(),
    };
    (value, seconds)
}

/// Seconds of processor this program has had (Linux, in hundredths): other programs do not blur the figure.
fn processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The fields after the name of the program, which may hold spaces.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

fn ours(inputs: &[&[u8]]) -> [f64; 3] {
    let key = OprfKey::generate();
    let ((blinding, blinded), blind) = timed(|| oprf::blind(inputs).expect("short values"));
    let (evaluated, evaluate) = timed(|| key.evaluate(&blinded).expect("valid points"));
    let public = key.public_key();
    let (_, finalize) = timed(|| {
        blinding
            .finalize(&evaluated, &public)
            .expect("the proof holds")
    });
    [blind, evaluate, finalize]
}

fn plain(inputs: &[&[u8]]) -> [f64; 3] {
    let mut random = rand::rngs::OsRng;
    let server = OprfServer::<Ristretto255>::new(&mut random).expect("a key");
    let ((clients, sent), blind) = timed(|| {
        inputs
            .iter()
            .map(|input| {
                let made = OprfClient::<Ristretto255>::blind(input, &mut random).expect("short");
                (made.state, made.message.serialize())
            })
            .collect::<(Vec<_>, Vec<_>)>()
    });
    let (answered, evaluate) = timed(|| {
        sent.iter()
            .map(|bytes| {
                let element = BlindedElement::deserialize(bytes).expect("a point");
                server.blind_evaluate(&element).serialize()
            })
            .collect::<Vec<_>>()
    });
    let (_, finalize) = timed(|| {
        inputs
            .iter()
            .zip(&clients)
            .zip(&answered)
            .map(|((input, client), bytes)| {
                let element = EvaluationElement::deserialize(bytes).expect("a point");
                client.finalize(input, &element).expect("short")
            })
            .collect::<Vec<_>>()
    });
    [blind, evaluate, finalize]
}

fn verified(inputs: &[&[u8]]) -> [f64; 3] {
    let mut random = rand::rngs::OsRng;
    let server = VoprfServer::<Ristretto255>::new(&mut random).expect("a key");
    let ((clients, sent), blind) = timed(|| {
        inputs
            .iter()
            .map(|input| {
                let made = VoprfClient::<Ristretto255>::blind(input, &mut random).expect("short");
                (made.state, made.message.serialize())
            })
            .collect::<(Vec<_>, Vec<_>)>()
    });
    let ((answered, proof), evaluate) = timed(|| {
        let elements: Vec<_> = sent
            .iter()
            .map(|bytes| BlindedElement::deserialize(bytes).expect("a point"))
            .collect();
        let answer = server
            .batch_blind_evaluate(&mut random, &elements)
            .expect("a batch");
        let bytes: Vec<_> = answer.messages.iter().map(|one| one.serialize()).collect();
        (bytes, answer.proof)
    });
    let inputs: Vec<&[u8]> = inputs.to_vec();
    let (_, finalize) = timed(|| {
        let elements: Vec<_> = answered
            .iter()
            .map(|bytes| EvaluationElement::deserialize(bytes).expect("a point"))
            .collect();
        let outputs = VoprfClient::batch_finalize(
            &inputs,
            &clients,
            &elements,
            &proof,
            server.get_public_key(),
        );
        outputs.expect("the proof holds").collect::<Vec<_>>()
    });
    [blind, evaluate, finalize]
}
