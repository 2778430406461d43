//! What a published table was made from, down to the deliveries, so that anyone can follow a number offline.

use serde_json::json;
use wdl_vocab::SYNTHETIC_NOTICE;

use crate::release_face::{ReleaseFace, ReleasedTable};

/// The lineage of one table.
pub(crate) fn document(released: &ReleasedTable<'_>) -> Vec<u8> {
    let header = &released.table().header;
    let lineage = &header.lineage;
    let mut document = json!({
        "indicator": header.indicator,
        "breakdown": released.table().breakdown(),
        "table": released.table().digest(),
        "statistic": header.statistic,
        "snapshot": lineage.snapshot,
        "definition": lineage.definition,
        "code_version": lineage.code_version,
        "data_date": header.data_date,
        "release": release(&released.release),
        "inputs": lineage.inputs,
    });
    if header.synthetic {
        document["notice"] = json!(SYNTHETIC_NOTICE.it);
    }
    let mut bytes = serde_json::to_vec(&document).expect("a document of text");
    bytes.push(b'\n');
    bytes
}

fn release(release: &ReleaseFace) -> serde_json::Value {
    let reviews: Vec<_> = release
        .reviews
        .iter()
        .map(|review| json!({ "by": review.by, "on": review.on }))
        .collect();
    json!({
        "id": release.id,
        "requested_by": release.requested_by,
        "requested_on": release.requested_on,
        "reviews": reviews,
        "released_on": release.released_on,
        "ledger_entry": release.entry,
    })
}
