//! Makes the kit of delivery files that another implementation can be held to: `vectors [FOLDER]`.
//!
//! Keys that stand in the folder are used again, so that only the seals differ from one run to the next: a seal is never the same twice.
#![expect(
    clippy::unwrap_used,
    reason = "a generator stops at the first thing that is not as it should be"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, FixedSizeBinaryArray, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use serde_json::{Value, json};
use wdl_crypto::{SealingKey, SigningKey};
use wdl_delivery::{
    Declaration, Delivery, DeliveryKind, FindingCounts, Justification, Realm, Scope,
};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period};

struct Kit {
    folder: PathBuf,
    lab: SealingKey,
    body: SigningKey,
    vectors: Vec<Value>,
}

fn main() {
    let folder = std::env::args().nth(1).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors"),
        PathBuf::from,
    );
    let files = folder.join("files");
    let _ = fs::remove_dir_all(&files);
    fs::create_dir_all(&files).unwrap();
    fs::create_dir_all(folder.join("keys")).unwrap();
    let (lab, body) = keys(&folder);
    let mut kit = Kit {
        folder,
        lab,
        body,
        vectors: Vec::new(),
    };
    let sample = kit.good();
    kit.cut(&sample);
    kit.changed(&sample);
    kit.other_people();
    kit.other_headers(&sample);
    kit.other_contents(&sample);
    kit.write_index();
}

/// The throw-away keys of the kit.
fn keys(folder: &Path) -> (SealingKey, SigningKey) {
    let (lab, body) = (folder.join("keys/lab.key"), folder.join("keys/body.key"));
    if !lab.is_file() {
        SealingKey::generate().write(&lab).unwrap();
        SigningKey::generate().write(&body).unwrap();
    }
    #[cfg(unix)]
    for key in [&lab, &body] {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let (lab, body) = (
        SealingKey::read(&lab).unwrap(),
        SigningKey::read(&body).unwrap(),
    );
    lab.recipient().write(&folder.join("keys/lab.pub")).unwrap();
    body.verifying_key()
        .write(&folder.join("keys/body.pub"))
        .unwrap();
    (lab, body)
}

fn declaration() -> Declaration {
    Declaration {
        realm: Realm::new("esempio", "prova", "2026").unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse("aiuti").unwrap(),
        period: Period::quarter(2026, 3),
        kind: DeliveryKind::ORDINARY,
        reason: None,
        purpose: "invented".to_owned(),
        contract_id: "comune-aiuti".to_owned(),
        contract_version: "1.0.0".to_owned(),
        contract_digest: Digest::of(b"an invented contract"),
        rows_rejected: 1,
        rows_without_person: 1,
        columns_dropped: vec!["COGNOME".to_owned(), "NOME".to_owned()],
        encodings: Vec::new(),
        findings: FindingCounts {
            error: 0,
            to_justify: 1,
            note: 0,
        },
        justifications: vec![Justification {
            code: "WDL-H151".to_owned(),
            column: Some("IMPORTO".to_owned()),
            count: 1,
            reason: "checked".to_owned(),
            note: None,
        }],
        created: "2026-10-05T08:00:00Z".to_owned(),
    }
}

/// Invented rows: a token, a kind of aid, an amount, a day; the last has no person.
fn rows(count: u8) -> RecordBatch {
    let tokens = (0..count).map(|row| (row + 1 < count).then_some([row + 1; 32]));
    let tokens = FixedSizeBinaryArray::try_from_sparse_iter_with_size(tokens, 32).unwrap();
    let columns: [(&str, ArrayRef); 4] = [
        ("person", Arc::new(tokens)),
        (
            "aid",
            Arc::new(StringArray::from_iter_values((0..count).map(|_| "PASTI"))),
        ),
        (
            "places",
            Arc::new(Int64Array::from_iter_values((0..count).map(i64::from))),
        ),
        (
            "valid_from",
            Arc::new(Date32Array::from_iter_values((0..count).map(i32::from))),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, name == "person")),
    )
    .unwrap()
}

/// Where the parts of a file begin.
struct Parts {
    header: usize,
    digest: usize,
    signature: usize,
    ciphertext: usize,
}

fn parts(bytes: &[u8]) -> Parts {
    let len = u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize;
    Parts {
        header: 12,
        digest: 12 + len,
        signature: 12 + len + 32,
        ciphertext: 12 + len + 96,
    }
}

impl Kit {
    fn put(&mut self, name: &str, bytes: &[u8], about: &str, stage: &str, outcome: &str) {
        let file = format!("files/{name}.wdld");
        fs::write(self.folder.join(&file), bytes).unwrap();
        self.vectors.push(json!({
            "file": file, "about": about, "stage": stage, "outcome": outcome,
        }));
    }

    fn seal(&self, declared: Declaration, count: u8) -> Vec<u8> {
        Delivery::seal(declared, &rows(count), &self.lab.recipient(), &self.body)
            .unwrap()
            .to_bytes()
            .unwrap()
    }

    fn accept(&mut self, name: &str, bytes: &[u8], about: &str) -> DeliveryId {
        self.put(name, bytes, about, "open", "accepted");
        let delivery = Delivery::from_bytes(bytes).unwrap();
        let entry = self.vectors.last_mut().unwrap();
        entry["delivery"] = json!(delivery.id());
        entry["rows"] = json!(delivery.header().rows);
        entry["content_digest"] = json!(delivery.header().content_digest);
        delivery.id().clone()
    }

    /// One good file of each kind; gives the ordinary one back.
    fn good(&mut self) -> Vec<u8> {
        let sample = self.seal(declaration(), 5);
        let of = self.accept(
            "good-ordinary",
            &sample,
            "an ordinary delivery of five rows",
        );
        let with = |kind: DeliveryKind, reason: &str| Declaration {
            kind,
            reason: Some(reason.to_owned()),
            ..declaration()
        };
        let whole = DeliveryKind::Substitutive {
            of: of.clone(),
            scope: Scope::Whole,
        };
        let bytes = self.seal(with(whole, "amounts were of another year"), 4);
        self.accept(
            "good-substitutive-whole",
            &bytes,
            "it takes the place of the ordinary one",
        );
        let rejected = DeliveryKind::Substitutive {
            of: of.clone(),
            scope: Scope::Rejected,
        };
        let bytes = self.seal(with(rejected, "rows the lab rejected"), 1);
        self.accept(
            "good-substitutive-rejected",
            &bytes,
            "one row that was rejected, corrected",
        );
        let mut cancelling = with(DeliveryKind::Cancelling { of }, "sent by mistake");
        cancelling.rows_without_person = 0;
        let bytes = self.seal(cancelling, 0);
        self.accept(
            "good-cancelling",
            &bytes,
            "it takes the ordinary one back; no rows",
        );
        let mut empty = declaration();
        empty.rows_without_person = 0;
        let bytes = self.seal(empty, 0);
        self.accept("good-empty", &bytes, "an ordinary delivery of no rows");
        sample
    }

    fn cut(&mut self, sample: &[u8]) {
        let parts = parts(sample);
        let places = [
            ("nothing", 0, "WDL-D003"),
            ("magic", 5, "WDL-D004"),
            ("length", 10, "WDL-D004"),
            ("header", parts.header + 40, "WDL-D004"),
            ("digest", parts.digest + 7, "WDL-D004"),
            ("signature", parts.signature + 20, "WDL-D004"),
            ("before-ciphertext", parts.ciphertext, "WDL-D004"),
            ("ciphertext-head", parts.ciphertext + 30, "WDL-D004"),
            (
                "ciphertext-body",
                (parts.ciphertext + sample.len()) / 2,
                "WDL-D004",
            ),
            ("last-byte", sample.len() - 1, "WDL-D004"),
        ];
        for (name, len, code) in places {
            let about = format!("cut after {len} bytes");
            self.put(&format!("cut-{name}"), &sample[..len], &about, "read", code);
        }
    }

    fn changed(&mut self, sample: &[u8]) {
        let parts = parts(sample);
        let places = [
            ("magic", 0, "read", "WDL-D003"),
            ("length", 9, "read", "WDL-D004"),
            ("header", parts.header + 60, "read", "WDL-D006"),
            ("digest", parts.digest, "read", "WDL-D006"),
            ("signature", parts.signature + 5, "verify", "WDL-D008"),
            ("ciphertext-head", parts.ciphertext + 40, "read", "WDL-D010"),
            ("ciphertext-last", sample.len() - 1, "read", "WDL-D010"),
        ];
        for (name, place, stage, code) in places {
            let mut bytes = sample.to_vec();
            bytes[place] ^= 1;
            let about = format!("one bit of byte {place} is another");
            self.put(&format!("bit-{name}"), &bytes, &about, stage, code);
        }
        let longer = [sample, b"x"].concat();
        self.put(
            "trailing-byte",
            &longer,
            "a byte after the end",
            "read",
            "WDL-D005",
        );
        let twice = [sample, sample].concat();
        self.put(
            "twice",
            &twice,
            "the same file twice in one",
            "read",
            "WDL-D005",
        );
        let mut long = sample.to_vec();
        long[8..12].copy_from_slice(&((1_u32 << 20) + 1).to_be_bytes());
        self.put(
            "header-too-long",
            &long,
            "a header longer than allowed",
            "read",
            "WDL-D006",
        );
        let other = b"%PDF-1.7\n%something else altogether";
        self.put(
            "another-format",
            other,
            "not a delivery",
            "read",
            "WDL-D003",
        );
    }

    fn other_people(&mut self) {
        let stranger = SealingKey::generate();
        let bytes = Delivery::seal(declaration(), &rows(5), &stranger.recipient(), &self.body)
            .unwrap()
            .to_bytes()
            .unwrap();
        self.put(
            "wrong-recipient",
            &bytes,
            "sealed to another lab",
            "open",
            "WDL-D011",
        );
        let signer = SigningKey::generate();
        let bytes = Delivery::seal(declaration(), &rows(5), &self.lab.recipient(), &signer)
            .unwrap()
            .to_bytes()
            .unwrap();
        self.put(
            "wrong-signer",
            &bytes,
            "signed with another key",
            "verify",
            "WDL-D009",
        );
    }

    /// The same file with its header written otherwise, signed again by the body unless a test says otherwise.
    fn forged(&self, sample: &[u8], change: impl FnOnce(&str) -> String) -> Vec<u8> {
        self.signed(sample, change, "delivery-v2")
    }

    fn signed(&self, sample: &[u8], change: impl FnOnce(&str) -> String, context: &str) -> Vec<u8> {
        let parts = parts(sample);
        let header = std::str::from_utf8(&sample[parts.header..parts.digest]).unwrap();
        let header = change(header);
        let mut bytes = sample[..8].to_vec();
        bytes.extend(u32::try_from(header.len()).unwrap().to_be_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(Digest::of(header.as_bytes()).0);
        bytes.extend(self.body.sign(context, header.as_bytes()).to_bytes());
        bytes.extend(&sample[parts.ciphertext..]);
        bytes
    }

    fn other_headers(&mut self, sample: &[u8]) {
        let cases = [
            (
                "unknown-field",
                "\"format\":2",
                "\"format\":2,\"more\":1",
                "WDL-D007",
            ),
            (
                "space-in-header",
                "\"format\":2",
                "\"format\": 2",
                "WDL-D007",
            ),
            (
                "field-twice",
                "\"format\":2",
                "\"format\":2,\"format\":2",
                "WDL-D007",
            ),
            ("path-as-body", "\"comune\"", "\"../comune\"", "WDL-D007"),
            ("quarter-five", "\"2026-Q3\"", "\"2026-Q5\"", "WDL-D007"),
            ("rows-negative", "\"rows\":5", "\"rows\":-5", "WDL-D007"),
            (
                "unknown-kind",
                "\"ordinary\"",
                "\"provisional\"",
                "WDL-D007",
            ),
            (
                "number-with-point",
                "\"rows\":5",
                "\"rows\":5.0",
                "WDL-D007",
            ),
            ("format-three", "\"format\":2", "\"format\":3", "WDL-D015"),
            ("blank-purpose", "\"invented\"", "\" \"", "WDL-D016"),
            (
                "control-in-purpose",
                "\"invented\"",
                "\"in\\u001b[2Jvented\"",
                "WDL-D016",
            ),
            (
                "more-without-person-than-rows",
                "\"rows_without_person\":1",
                "\"rows_without_person\":6",
                "WDL-D016",
            ),
            (
                "cancelling-with-rows",
                "{\"type\":\"ordinary\"}",
                "{\"of\":\"0123456789abcdef0123456789abcdef\",\"type\":\"cancelling\"}",
                "WDL-D016",
            ),
            (
                "substitutive-without-reason",
                "{\"type\":\"ordinary\"}",
                "{\"of\":\"0123456789abcdef0123456789abcdef\",\"scope\":\"whole\",\"type\":\"substitutive\"}",
                "WDL-D016",
            ),
        ];
        for (name, from, to, code) in cases {
            let bytes = self.forged(sample, |header| {
                assert!(header.contains(from), "{name}");
                header.replace(from, to)
            });
            let about = format!("the header says {to} where {from} stood, and is signed again");
            self.put(name, &bytes, &about, "read", code);
        }
        for digit in ["1", "9"] {
            let mut bytes = sample.to_vec();
            bytes[6] = digit.as_bytes()[0];
            let about = format!("a file of version {digit}");
            self.put(
                &format!("version-{digit}"),
                &bytes,
                &about,
                "read",
                "WDL-D015",
            );
        }
        let bytes = self.signed(sample, str::to_owned, "receipt-body-v2");
        let about = "a signature of the body's that was made for a receipt";
        self.put(
            "signature-for-another-use",
            &bytes,
            about,
            "verify",
            "WDL-D008",
        );
    }

    fn other_contents(&mut self, sample: &[u8]) {
        let digest = |name: &str| {
            let header: Value = serde_json::from_slice(&sample[12..parts(sample).digest]).unwrap();
            header[name].as_str().unwrap().to_owned()
        };
        let another = Digest::of(b"another").to_string();
        let cases = [
            (
                "rows-more",
                "\"rows\":5".to_owned(),
                "\"rows\":6".to_owned(),
                "open",
                "WDL-D013",
            ),
            (
                "rows-fewer",
                "\"rows\":5".to_owned(),
                "\"rows\":4".to_owned(),
                "open",
                "WDL-D013",
            ),
            (
                "content-digest",
                digest("content_digest"),
                another.clone(),
                "open",
                "WDL-D013",
            ),
            (
                "ciphertext-digest",
                digest("ciphertext_digest"),
                another,
                "read",
                "WDL-D010",
            ),
        ];
        for (name, from, to, stage, code) in cases {
            let bytes = self.forged(sample, |header| header.replace(&from, &to));
            let about = format!("the header says {to} where {from} stood, and is signed again");
            self.put(&format!("lying-{name}"), &bytes, &about, stage, code);
        }
        let ciphertext = &sample[parts(sample).ciphertext..];
        let mut changed = ciphertext.to_vec();
        *changed.last_mut().unwrap() ^= 1;
        let about = "the last byte under the seal is another, and the body signed it so";
        self.resealed(sample, &changed, ("seal-changed", about, "WDL-D012"));
        let about = "the seal is cut, and the body signed it so";
        let cut = &ciphertext[..ciphertext.len() - 1];
        self.resealed(sample, cut, ("seal-cut", about, "WDL-D012"));
        let about = "under the seal stands something else, and the body signed it so";
        let other = self.lab.recipient().seal(b"no table");
        let content = (
            digest("content_digest"),
            Digest::of(b"no table").to_string(),
        );
        let sealed = self.forged(sample, |header| header.replace(&content.0, &content.1));
        self.resealed(&sealed, &other, ("no-table", about, "WDL-D013"));
    }

    /// Another ciphertext under a header that declares it.
    fn resealed(&mut self, sample: &[u8], ciphertext: &[u8], told: (&str, &str, &str)) {
        let start = parts(sample).ciphertext;
        let header: Value = serde_json::from_slice(&sample[12..parts(sample).digest]).unwrap();
        let old = header["ciphertext_digest"].as_str().unwrap().to_owned();
        let len = |len: usize| format!("\"ciphertext_bytes\":{len}");
        let bytes = self.forged(sample, |header| {
            header
                .replace(&old, &Digest::of(ciphertext).to_string())
                .replace(&len(sample.len() - start), &len(ciphertext.len()))
        });
        let mut bytes = bytes[..parts(&bytes).ciphertext].to_vec();
        bytes.extend(ciphertext);
        self.put(told.0, &bytes, told.1, "open", told.2);
    }

    fn write_index(&self) {
        let index = json!({
            "format": 2,
            "keys": {
                "lab": "keys/lab.key", "lab_public": "keys/lab.pub",
                "body": "keys/body.key", "body_public": "keys/body.pub",
            },
            "vectors": self.vectors,
        });
        let text = serde_json::to_string_pretty(&index).unwrap() + "\n";
        fs::write(self.folder.join("index.json"), text).unwrap();
    }
}
