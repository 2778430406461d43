//! The keys of the Open Data Contract Standard 3.1, as one table: what the standard has is kept, what it does not have is a fault.
//!
//! Source: the JSON Schema of the standard, version 3.1.0 (Bitol, Linux Foundation).
//! A server's keys are those of all kinds of server together, and `logicalTypeOptions` has those of all types: the lab reads few of them.

use super::form::{Form, Section};

use Form::{Any, Bool, Either, Many, Number, One, Text, Texts, TwoNumbers, Word};

/// The version of the standard that is read and written.
pub(crate) const API_VERSION: &str = "v3.1.0";

/// The logical types of the standard.
pub(crate) const LOGICAL_TYPES: &[&str] = &[
    "string",
    "date",
    "timestamp",
    "time",
    "number",
    "integer",
    "object",
    "array",
    "boolean",
];

/// A whole document.
pub(crate) static DOCUMENT: Section = Section {
    name: "a data contract",
    keys: &[
        ("apiVersion", Word(&[API_VERSION])),
        ("kind", Word(&["DataContract"])),
        ("id", Text),
        ("name", Text),
        ("version", Text),
        ("status", Text),
        ("domain", Text),
        ("tenant", Text),
        ("dataProduct", Text),
        ("description", One(&DESCRIPTION)),
        ("authoritativeDefinitions", Many(&DEFINITION)),
        ("tags", Texts),
        ("servers", Many(&SERVER)),
        ("schema", Many(&OBJECT)),
        ("support", Many(&SUPPORT)),
        ("price", One(&PRICE)),
        ("team", Either(&TEAM, &MEMBER)),
        ("roles", Many(&ROLE)),
        ("slaDefaultElement", Text),
        ("slaProperties", Many(&SLA)),
        ("customProperties", Many(&CUSTOM)),
        ("contractCreatedTs", Text),
    ],
    must: &["apiVersion", "kind", "id", "version", "status"],
};

static DESCRIPTION: Section = Section {
    name: "description",
    keys: &[
        ("purpose", Text),
        ("limitations", Text),
        ("usage", Text),
        ("authoritativeDefinitions", Many(&DEFINITION)),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &[],
};

static DEFINITION: Section = Section {
    name: "authoritativeDefinitions",
    keys: &[
        ("id", Text),
        ("url", Text),
        ("type", Text),
        ("description", Text),
    ],
    must: &["url", "type"],
};

static CUSTOM: Section = Section {
    name: "customProperties",
    keys: &[
        ("id", Text),
        ("property", Text),
        ("value", Any),
        ("description", Text),
    ],
    must: &["property", "value"],
};

static SUPPORT: Section = Section {
    name: "support",
    keys: &[
        ("id", Text),
        ("channel", Text),
        ("url", Text),
        ("description", Text),
        ("tool", Text),
        ("scope", Text),
        ("invitationUrl", Text),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &["channel"],
};

static PRICE: Section = Section {
    name: "price",
    keys: &[
        ("id", Text),
        ("priceAmount", Number),
        ("priceCurrency", Text),
        ("priceUnit", Text),
    ],
    must: &[],
};

static TEAM: Section = Section {
    name: "team",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("description", Text),
        ("members", Many(&MEMBER)),
        ("tags", Texts),
        ("customProperties", Many(&CUSTOM)),
        ("authoritativeDefinitions", Many(&DEFINITION)),
    ],
    must: &[],
};

static MEMBER: Section = Section {
    name: "team.members",
    keys: &[
        ("id", Text),
        ("username", Text),
        ("name", Text),
        ("description", Text),
        ("role", Text),
        ("dateIn", Text),
        ("dateOut", Text),
        ("replacedByUsername", Text),
        ("tags", Texts),
        ("customProperties", Many(&CUSTOM)),
        ("authoritativeDefinitions", Many(&DEFINITION)),
    ],
    must: &["username"],
};

static ROLE: Section = Section {
    name: "roles",
    keys: &[
        ("id", Text),
        ("role", Text),
        ("description", Text),
        ("access", Text),
        ("firstLevelApprovers", Text),
        ("secondLevelApprovers", Text),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &["role"],
};

static SLA: Section = Section {
    name: "slaProperties",
    keys: &[
        ("id", Text),
        ("property", Text),
        ("value", Any),
        ("valueExt", Any),
        ("unit", Text),
        ("element", Text),
        ("driver", Text),
        ("description", Text),
        ("scheduler", Text),
        ("schedule", Text),
    ],
    must: &["property", "value"],
};

static SERVER: Section = Section {
    name: "servers",
    keys: &[
        ("id", Text),
        ("server", Text),
        ("type", Text),
        ("description", Text),
        ("environment", Text),
        ("roles", Many(&ROLE)),
        ("customProperties", Many(&CUSTOM)),
        ("account", Text),
        ("catalog", Text),
        ("database", Text),
        ("dataset", Text),
        ("delimiter", Text),
        ("endpointUrl", Text),
        ("format", Text),
        ("host", Text),
        ("location", Text),
        ("path", Text),
        ("port", Any),
        ("project", Text),
        ("region", Text),
        ("regionName", Text),
        ("schema", Any),
        ("serviceName", Text),
        ("stagingDir", Text),
        ("stream", Text),
        ("warehouse", Text),
    ],
    must: &["server", "type"],
};

/// A dataset of the contract.
static OBJECT: Section = Section {
    name: "schema",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("logicalType", Word(&["object"])),
        ("physicalName", Text),
        ("physicalType", Text),
        ("businessName", Text),
        ("description", Text),
        ("dataGranularityDescription", Text),
        ("properties", Many(&PROPERTY)),
        ("relationships", Many(&RELATIONSHIP_OF_OBJECT)),
        ("quality", Many(&QUALITY)),
        ("authoritativeDefinitions", Many(&DEFINITION)),
        ("tags", Texts),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &["name"],
};

/// A column, or a part of a nested one.
static PROPERTY: Section = Section {
    name: "properties",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("logicalType", Word(LOGICAL_TYPES)),
        ("logicalTypeOptions", One(&OPTIONS)),
        ("physicalName", Text),
        ("physicalType", Text),
        ("businessName", Text),
        ("description", Text),
        ("primaryKey", Bool),
        ("primaryKeyPosition", Number),
        ("required", Bool),
        ("unique", Bool),
        ("partitioned", Bool),
        ("partitionKeyPosition", Number),
        ("classification", Text),
        ("criticalDataElement", Bool),
        ("encryptedName", Text),
        ("transformSourceObjects", Texts),
        ("transformLogic", Text),
        ("transformDescription", Text),
        ("examples", Any),
        ("relationships", Many(&RELATIONSHIP_OF_PROPERTY)),
        ("quality", Many(&QUALITY)),
        ("authoritativeDefinitions", Many(&DEFINITION)),
        ("tags", Texts),
        ("customProperties", Many(&CUSTOM)),
        ("items", One(&ITEMS)),
        ("properties", Many(&PROPERTY)),
    ],
    must: &["name"],
};

/// What a column that is a list holds: a column without a name of its own.
static ITEMS: Section = Section {
    name: "items",
    keys: PROPERTY.keys,
    must: &[],
};

static OPTIONS: Section = Section {
    name: "logicalTypeOptions",
    keys: &[
        ("format", Text),
        ("pattern", Text),
        ("minLength", Number),
        ("maxLength", Number),
        ("minimum", Any),
        ("maximum", Any),
        ("exclusiveMinimum", Any),
        ("exclusiveMaximum", Any),
        ("multipleOf", Number),
        ("timezone", Bool),
        ("defaultTimezone", Text),
        ("minItems", Number),
        ("maxItems", Number),
        ("uniqueItems", Bool),
        ("minProperties", Number),
        ("maxProperties", Number),
        ("required", Texts),
    ],
    must: &[],
};

static RELATIONSHIP_OF_OBJECT: Section = Section {
    name: "relationships",
    keys: &[
        ("type", Text),
        ("from", Any),
        ("to", Any),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &["from", "to"],
};

static RELATIONSHIP_OF_PROPERTY: Section = Section {
    name: "relationships of a property",
    keys: &[
        ("type", Text),
        ("to", Any),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &["to"],
};

/// A rule of quality, of each type the standard has.
static QUALITY: Section = Section {
    name: "quality",
    keys: &[
        ("id", Text),
        ("name", Text),
        ("description", Text),
        ("type", Word(&["text", "library", "sql", "custom"])),
        ("dimension", Word(DIMENSIONS)),
        ("method", Text),
        ("severity", Text),
        ("businessImpact", Text),
        ("unit", Text),
        ("schedule", Text),
        ("scheduler", Text),
        ("metric", Word(METRICS)),
        ("rule", Text),
        ("arguments", Any),
        ("query", Text),
        ("engine", Text),
        ("implementation", Any),
        ("mustBe", Any),
        ("mustNotBe", Any),
        ("mustBeGreaterThan", Number),
        ("mustBeGreaterOrEqualTo", Number),
        ("mustBeLessThan", Number),
        ("mustBeLessOrEqualTo", Number),
        ("mustBeBetween", TwoNumbers),
        ("mustNotBeBetween", TwoNumbers),
        ("authoritativeDefinitions", Many(&DEFINITION)),
        ("tags", Texts),
        ("customProperties", Many(&CUSTOM)),
    ],
    must: &[],
};

const DIMENSIONS: &[&str] = &[
    "accuracy",
    "completeness",
    "conformity",
    "consistency",
    "coverage",
    "timeliness",
    "uniqueness",
];

const METRICS: &[&str] = &[
    "nullValues",
    "missingValues",
    "invalidValues",
    "duplicateValues",
    "rowCount",
];
