//! The words every other crate speaks: typed ids, periods, money, bilingual text, diagnostics.
//!
//! Lowest floor of the house.
//! It knows nothing of files, of the query engine or of any person.

pub mod diagnostics;
pub mod digest;
pub mod ids;
pub mod money;
pub mod period;
pub mod suggest;
pub mod text;

pub use diagnostics::{Code, Diagnose, Diagnostic, Exit, Place, Severity};
pub use digest::{Digest, DigestWriter};
pub use ids::{
    BodyId, DatasetId, DeliveryId, IdError, IndicatorId, ReleaseId, SnapshotId, StudyId,
};
pub use money::Euro;
pub use period::{Period, PeriodError};
pub use suggest::did_you_mean;
pub use text::{Lang, Text, Texts};

/// The sentence every page, chart and file of a synthetic lab carries.
pub const SYNTHETIC_NOTICE: Text = Text::fixed(
    "DATI SINTETICI: non descrivono Modena",
    "SYNTHETIC DATA: they do not describe Modena",
);
