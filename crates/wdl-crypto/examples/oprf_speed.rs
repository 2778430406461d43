//! Cost per value of the oblivious function on one core, ours and the `voprf` crate's in the same run.

use std::hint::black_box;
use std::time::Instant;

use voprf::{Ristretto255, VoprfClient, VoprfServer};
use wdl_crypto::oprf::{self, OprfKey};

const COUNT: usize = 8_192;

fn main() {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global()
        .expect("the pool is built once");
    let values: Vec<String> = (0..COUNT).map(|number| format!("{number:016}")).collect();
    let inputs: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
    ours(&inputs);
    theirs(&inputs[..1_000].to_vec());
}

fn report(what: &str, count: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what:32} {:6.1} µs/value {:8.0} values/s",
        seconds * 1e6 / count as f64,
        count as f64 / seconds
    );
}

fn ours(inputs: &[&[u8]]) {
    let key = OprfKey::generate();
    let start = Instant::now();
    let (blinding, blinded) = oprf::blind(inputs).expect("short values");
    report("blind", inputs.len(), start);
    let start = Instant::now();
    let evaluated = key.evaluate(&blinded).expect("valid points");
    report("evaluate and prove", inputs.len(), start);
    let start = Instant::now();
    let outputs = blinding.finalize(&evaluated, &key.public_key());
    report("verify and finalize", inputs.len(), start);
    black_box(outputs.expect("the proof holds"));
}

fn theirs(inputs: &Vec<&[u8]>) {
    let mut random = rand::rngs::OsRng;
    let server = VoprfServer::<Ristretto255>::new(&mut random).expect("a key");
    let start = Instant::now();
    let (clients, messages): (Vec<_>, Vec<_>) = inputs
        .iter()
        .map(|input| {
            let blinded = VoprfClient::<Ristretto255>::blind(input, &mut random).expect("short");
            (blinded.state, blinded.message)
        })
        .unzip();
    report("voprf: blind", inputs.len(), start);
    let start = Instant::now();
    let answered = server
        .batch_blind_evaluate(&mut random, &messages)
        .expect("a batch");
    report("voprf: evaluate and prove", inputs.len(), start);
    let start = Instant::now();
    let outputs: Vec<_> = VoprfClient::batch_finalize(
        inputs,
        &clients,
        &answered.messages,
        &answered.proof,
        server.get_public_key(),
    )
    .expect("the proof holds")
    .collect();
    report("voprf: verify and finalize", inputs.len(), start);
    black_box(outputs);
}
