//! What the law asks a contract to say, and what the agreement asks of its deliveries in time and volume.

use wdl_vocab::Text;

/// The notice given to people (*informativa*, arts. 13 and 14 of Regulation (EU) 2016/679).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where people are told, in words.
    pub text: Text,
    /// Where it can be read.
    pub url: Option<String>,
}

/// Who answers for the data: identifiers of bodies and custodians of the agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// The controller (*titolare*).
    pub controller: String,
    /// The joint controllers (*contitolari*).
    pub joint_controllers: Vec<String>,
    /// The processors (*responsabili*): the custodians of the keys, for a dataset with persons.
    pub processors: Vec<String>,
}

/// When a delivery is due, and until when it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateRule {
    /// Days after the end of the period in which it is due.
    pub due_days: u32,
    /// Days after the end of the period after which it is no longer taken; nothing when there is no such day.
    pub last_days: Option<u32>,
}

/// How much a delivery may differ from the one before it and from that of a year ago before somebody says why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// Relative change of the count of rows: `0.2` is a fifth more or a fifth less.
    pub rows: Option<f64>,
    /// Relative change of a total of euro.
    pub totals: Option<f64>,
    /// Change of the share of empty cells of a column: `0.05` is five in a hundred.
    pub missing: Option<f64>,
}

impl Default for Drift {
    /// A fifth of the rows, three tenths of a total, five empty cells in a hundred.
    fn default() -> Drift {
        Drift {
            rows: Some(0.2),
            totals: Some(0.3),
            missing: Some(0.05),
        }
    }
}
