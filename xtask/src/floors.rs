//! The floors of the house and the walls between rooms, as `ARCHITECTURE.md` tells them.

/// Every crate of the workspace with its floor; a crate uses lower floors only.
pub(crate) const FLOORS: &[(&str, u8)] = &[
    ("wdl-vocab", 0),
    ("wdl-stats", 0),
    ("wdl-yaml", 1),
    ("wdl-anonymisation", 1),
    ("wdl-suppression", 1),
    ("wdl-perturbation", 1),
    ("wdl-causal", 1),
    ("wdl-qualitative", 1),
    ("wdl-contract", 2),
    ("wdl-crypto", 2),
    ("wdl-protocol", 2),
    ("wdl-result", 2),
    ("wdl-encoding", 2),
    ("wdl-household", 2),
    ("wdl-identity", 3),
    ("wdl-intake", 3),
    ("wdl-paper", 3),
    ("wdl-delivery", 3),
    ("wdl-ledger", 3),
    ("wdl-frame", 3),
    ("wdl-disclosure", 3),
    ("wdl-chart", 3),
    ("wdl-plain", 4),
    ("wdl-register", 4),
    ("wdl-release", 4),
    ("wdl-check", 4),
    ("wdl-keys", 4),
    ("wdl-synthetic", 4),
    ("wdl-linkage", 4),
    ("wdl-holder", 5),
    ("wdl-base", 5),
    ("wdl-publication", 5),
    ("wdl-evaluation", 5),
    ("wdl-indicators", 6),
    ("wdl-study", 6),
    ("wdl-lab", 7),
    ("wdl-cli", 8),
    ("xtask", 8),
];

/// What a crate must never reach, however many steps away, with the invariant that says so.
pub(crate) struct Wall {
    pub(crate) from: &'static str,
    pub(crate) never: &'static str,
    pub(crate) why: &'static str,
}

const ENGINE: &str = "datafusion";

/// The walls that the floors alone do not build.
pub(crate) const WALLS: &[Wall] = &[
    Wall {
        from: "wdl-holder",
        never: ENGINE,
        why: "the steward's tool carries no query engine",
    },
    Wall {
        from: "wdl-keys",
        never: ENGINE,
        why: "the key service carries no query engine",
    },
    Wall {
        from: "wdl-linkage",
        never: "arrow",
        why: "linkage is handed columns of text, not tables of the base",
    },
    Wall {
        from: "wdl-evaluation",
        never: "arrow",
        why: "methods of evaluation are handed columns, not tables of the base",
    },
    Wall {
        from: "wdl-keys",
        never: "arrow",
        why: "a custodian sees no data",
    },
    Wall {
        from: "wdl-keys",
        never: "wdl-delivery",
        why: "a custodian sees no data",
    },
    Wall {
        from: "wdl-publication",
        never: ENGINE,
        why: "what publishes cannot name microdata",
    },
    Wall {
        from: "wdl-publication",
        never: "arrow",
        why: "what publishes cannot name microdata",
    },
    Wall {
        from: "wdl-release",
        never: "arrow",
        why: "what releases cannot name microdata",
    },
    Wall {
        from: "wdl-disclosure",
        never: "arrow",
        why: "tables are protected without microdata",
    },
    Wall {
        from: "wdl-chart",
        never: "arrow",
        why: "charts know tables of results only",
    },
    Wall {
        from: "wdl-lab",
        never: "wdl-identity",
        why: "the lab cannot name a person",
    },
    Wall {
        from: "wdl-cli",
        never: "wdl-identity",
        why: "the lab cannot name a person",
    },
    Wall {
        from: "wdl-cli",
        never: "wdl-holder",
        why: "the demo starts the other binaries",
    },
    Wall {
        from: "wdl-cli",
        never: "wdl-synthetic",
        why: "the demo starts the other binaries",
    },
];

/// Crates that only the named ones may depend on.
pub(crate) const GUARDED: &[(&str, &[&str])] = &[
    (
        "wdl-identity",
        &["wdl-check", "wdl-holder", "wdl-synthetic"],
    ),
    ("datafusion", &["wdl-frame"]),
];
