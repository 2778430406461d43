//! The contract, read off a document that keeps to the standard and to the table of the lab's properties.

use std::collections::BTreeSet;
use std::str::FromStr;

use wdl_vocab::{Euro, did_you_mean};
use wdl_yaml::{Node, Source};

use super::lab::{self, Lab};
use super::quality;
use crate::code_list::{CodeList, CodeLists};
use crate::column::{Column, Kind, Semantic, Treatment};
use crate::contract::{Contract, Document, Encoding, Layout};
use crate::error::{ContractFault, Fault, FaultKind};
use crate::roles::{Drift, LateRule, Notice, Roles};
use crate::shape;
use crate::words::{Delimiter, KindWord, LayoutWord, TreatmentWord};

/// Reads one document; what is wrong goes to `faults`.
pub(super) struct Reader<'a> {
    source: &'a Source,
    lists: Option<&'a CodeLists>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        source: &'a Source,
        lists: Option<&'a CodeLists>,
        faults: &'a mut Vec<Fault>,
    ) -> Reader<'a> {
        Reader {
            source,
            lists,
            faults,
        }
    }

    pub(super) fn fault(&mut self, node: &Node, kind: impl Into<FaultKind>) {
        self.faults.push(self.source.fault_in(node, kind));
    }

    fn missing<V>(&mut self, node: &Node, key: &str) -> Option<V> {
        let key = key.to_owned();
        self.fault(node, FaultKind::MissingKey { key });
        None
    }

    /// A column that another names must be there.
    pub(super) fn known_column(&mut self, place: &Node, name: &str, columns: &[Column]) {
        let names = || columns.iter().map(|column| column.name.as_str());
        if !names().any(|known| known == name) {
            let kind = FaultKind::UnknownName {
                name: name.to_owned(),
                list: "properties".to_owned(),
                meant: did_you_mean(name, names()).map(str::to_owned),
            };
            self.fault(place, kind);
        }
    }

    pub(super) fn contract(mut self, document: &Document) -> Option<Contract> {
        let root: &Node = &document.root;
        let lab = Lab { owner: root };
        let body = self.parsed(&lab, "wdl.body", "the name of a body");
        let dataset = self.parsed(&lab, "wdl.dataset", "the name of a dataset");
        let version = root.get("version")?;
        self.version(version);
        let schema = root.get("schema");
        let [object] = schema.map_or(&[][..], Node::items) else {
            let detail = "a contract has one object in `schema`".to_owned();
            self.fault(
                schema.unwrap_or(root),
                ContractFault::ColumnsShape { detail },
            );
            return None;
        };
        let layout = layout(&lab);
        let (encoding, delimiter) = self.marks(&lab, &layout);
        let columns = self.columns(object);
        let late = self.late(&lab);
        let columns = columns?;
        let sql_rules = quality::rules(&mut self, object, &columns);
        let contract = Contract {
            id: root.get("id")?.letters()?.to_owned(),
            version: version.letters()?.to_owned(),
            body: body?,
            dataset: dataset?,
            title: lab.pair("wdl.title")?,
            shape: lab.word("wdl.shape")?,
            encoding: encoding?,
            delimiter: delimiter?.0,
            columns,
            legal_basis: lab.text("wdl.legal_basis")?,
            purpose: lab.text("wdl.purpose")?,
            retention: lab.text("wdl.retention")?,
            notice: notice(lab.node("wdl.notice")?)?,
            roles: Roles {
                controller: lab.text("wdl.controller")?,
                joint_controllers: lab.texts("wdl.joint_controllers"),
                processors: lab.texts("wdl.processors"),
            },
            layout,
            late,
            sql_rules,
            drift: drift(&lab),
            linkage: lab.text("wdl.linkage"),
            digest: self.source.digest(),
            document: document.clone(),
        };
        self.whole(&contract, root, object);
        Some(contract)
    }

    fn parsed<V: FromStr>(&mut self, lab: &Lab<'_>, key: &str, wanted: &str) -> Option<V> {
        let node = lab.node(key)?;
        let letters = node.letters()?;
        let parsed = letters.parse().ok();
        if parsed.is_none() {
            let detail = format!("`{key}` is {wanted}, not `{letters}`");
            self.fault(node, FaultKind::wrong(detail));
        }
        parsed
    }

    fn version(&mut self, version: &Node) {
        let letters = version.letters().unwrap_or_default();
        let parts: Vec<&str> = letters.split('.').collect();
        if parts.len() != 3 || parts.iter().any(|part| part.parse::<u32>().is_err()) {
            let kind = FaultKind::wrong("expected a version of three numbers, as 1.0.0");
            self.fault(version, kind);
        }
    }

    /// The encoding and the mark between cells, where the layout has them.
    fn marks(&mut self, lab: &Lab<'_>, layout: &Layout) -> (Option<Encoding>, Option<Delimiter>) {
        let place = lab.owner.get("customProperties").unwrap_or(lab.owner);
        let mut due = |is_due: bool, key: &str| {
            if is_due && lab.node(key).is_none() {
                self.missing::<()>(place, key);
            }
        };
        due(!matches!(layout, Layout::Workbook { .. }), "wdl.encoding");
        due(*layout == Layout::Delimited, "wdl.delimiter");
        (
            lab.word("wdl.encoding").or(Some(Encoding::Utf8)),
            lab.word("wdl.delimiter").or(Some(Delimiter(b';'))),
        )
    }

    fn late(&mut self, lab: &Lab<'_>) -> Option<LateRule> {
        let node = lab.node("wdl.late_rule")?;
        let due_days: Option<u32> = lab.part("wdl.late_rule", "due_days");
        let last_days: Option<u32> = lab.part("wdl.late_rule", "last_days");
        let is_right = due_days.is_some()
            && (node.get("last_days").is_none()
                || last_days.is_some_and(|last| Some(last) >= due_days));
        if !is_right {
            let detail = "`due_days` and `last_days` are days from 0 up, and the last is not before the due one";
            self.fault(node, FaultKind::wrong(detail));
        }
        Some(LateRule {
            due_days: due_days?,
            last_days,
        })
    }

    /// What only the whole contract shows.
    fn whole(&mut self, contract: &Contract, root: &Node, object: &Node) {
        let name = object.get("name").unwrap_or(object);
        let found = name.letters().unwrap_or_default();
        if found != contract.dataset.as_str() {
            let dataset = &contract.dataset;
            let detail = format!("the object is `{found}` and `wdl.dataset` is `{dataset}`");
            self.fault(name, ContractFault::ColumnsShape { detail });
        }
        for detail in shape::faults(contract) {
            self.fault(name, ContractFault::ColumnsShape { detail });
        }
        let is_oprf = |column: &Column| matches!(column.treatment, Treatment::Oprf(_));
        if contract.roles.processors.is_empty() && contract.columns.iter().any(is_oprf) {
            let place = root.get("customProperties").unwrap_or(root);
            let key = "wdl.processors".to_owned();
            self.fault(place, ContractFault::Unlawful { key });
        }
        self.references(contract, object);
    }

    /// The columns that columns name.
    fn references(&mut self, contract: &Contract, object: &Node) {
        let properties = object.get("properties").map_or(&[][..], Node::items);
        for (column, property) in contract.columns.iter().zip(properties) {
            let lab = Lab { owner: property };
            if let (Some(name), Some(place)) = (&column.not_before, lab.node("wdl.not_before")) {
                self.known_column(place, name, &contract.columns);
            }
            let parts = lab.node("wdl.sum_of").map_or(&[][..], Node::items);
            for (name, place) in column.sum_of.iter().zip(parts) {
                self.known_column(place, name, &contract.columns);
            }
        }
    }

    /// Every column, or `None` when one of them is faulty.
    fn columns(&mut self, object: &Node) -> Option<Vec<Column>> {
        let properties = object.get("properties").map_or(&[][..], Node::items);
        self.unique(properties, "name");
        self.unique(properties, "physicalName");
        let columns: Vec<Option<Column>> = properties
            .iter()
            .map(|property| self.column(property))
            .collect();
        columns.into_iter().collect()
    }

    fn unique(&mut self, properties: &[Node], key: &str) {
        let mut seen = BTreeSet::new();
        for node in properties.iter().filter_map(|property| property.get(key)) {
            if !seen.insert(node.letters()) {
                let name = node.letters().unwrap_or_default().to_owned();
                let list = "properties".to_owned();
                self.fault(node, FaultKind::DuplicateName { name, list });
            }
        }
    }

    fn column(&mut self, property: &Node) -> Option<Column> {
        let lab = Lab { owner: property };
        let mut text = |key: &str| match property.get(key) {
            Some(node) => Some(node),
            None => self.missing(property, key),
        };
        let (name, physical_name) = (text("name"), text("physicalName"));
        let logical_type = text("logicalType");
        let word: KindWord = lab.word("wdl.kind")?;
        self.fitting(&lab, word);
        let kind = self.kind(&lab, word);
        let treatment = self.treatment(&lab);
        let label = lab.pair("wdl.label")?;
        let is = |key: &str| property.get(key).and_then(Node::boolean).unwrap_or(false);
        let options = property.get("logicalTypeOptions");
        let format = options.and_then(|options| options.get("format"));
        let width = self.width(&lab);
        let name = name?;
        let column = Column {
            name: name.letters()?.to_owned(),
            physical_name: physical_name?.letters()?.to_owned(),
            kind: kind?,
            required: is("required") || is("primaryKey"),
            unique: is("unique") || is("primaryKey"),
            is_key: is("primaryKey"),
            treatment: treatment?,
            known_at_end: lab.boolean("wdl.known_at_end").unwrap_or(false),
            description: lab.pair("wdl.description").unwrap_or_else(|| label.clone()),
            label,
            semantic: lab
                .text("wdl.semantic_type")
                .map(|word| Semantic::of(&word)),
            width,
            format: format.and_then(Node::letters).map(str::to_owned),
            not_before: lab.text("wdl.not_before"),
            sum_of: lab.texts("wdl.sum_of"),
            sum_tolerance: Euro::from_cents(lab.whole("wdl.sum_tolerance").unwrap_or(1)),
        };
        self.logical_type(&column, word, logical_type?);
        if let Some(detail) = shape::column_fault(&column) {
            self.fault(name, ContractFault::ColumnsShape { detail });
        }
        Some(column)
    }

    /// A property that says nothing of the kind of its column is a slip, not to be passed over.
    fn fitting(&mut self, lab: &Lab<'_>, word: KindWord) {
        for (name, kinds) in OF_KINDS {
            if let Some(node) = lab.node(name).filter(|_| !kinds.contains(&word)) {
                let kind = lab.text("wdl.kind").unwrap_or_default();
                let detail = format!("`{name}` says nothing of a column of kind `{kind}`");
                self.fault(node, FaultKind::wrong(detail));
            }
        }
    }

    /// The logical type of the standard says the same as the kind of the lab.
    fn logical_type(&mut self, column: &Column, word: KindWord, node: &Node) {
        let actual = node.letters().unwrap_or_default();
        let expected = word.logical_type();
        if actual != expected {
            let fault = ContractFault::LogicalType {
                column: column.name.clone(),
                actual: actual.to_owned(),
                expected: expected.to_owned(),
            };
            self.fault(node, fault);
        }
    }

    fn width(&mut self, lab: &Lab<'_>) -> Option<(usize, usize)> {
        let node = lab.node("wdl.width")?;
        let start: Option<usize> = lab.part("wdl.width", "start");
        let length: Option<usize> = lab.part("wdl.width", "length").filter(|length| *length > 0);
        if start.is_none() || length.is_none() {
            let detail = "`start` counts from 0 and `length` from 1";
            self.fault(node, FaultKind::wrong(detail));
        }
        Some((start?, length?))
    }

    fn kind(&mut self, lab: &Lab<'_>, word: KindWord) -> Option<Kind> {
        let (min, max) = (lab.whole("wdl.min"), lab.whole("wdl.max"));
        match word {
            KindWord::Text => self.text_kind(lab),
            KindWord::Code => self.code(lab),
            KindWord::Integer => Some(Kind::Integer { min, max }),
            KindWord::Money => Some(Kind::Money {
                min: min.map(Euro::from_units),
                max: max.map(Euro::from_units),
            }),
            KindWord::Decimal => self.decimal(lab, min, max),
            KindWord::Date => Some(Kind::Date),
            KindWord::TaxCode => Some(Kind::TaxCode),
        }
    }

    fn text_kind(&mut self, lab: &Lab<'_>) -> Option<Kind> {
        let Some(node) = lab.node("wdl.max_length") else {
            return Some(Kind::Text { max: TEXT_MAX });
        };
        let max = lab
            .whole("wdl.max_length")
            .and_then(|max| usize::try_from(max).ok());
        if max.is_none() {
            self.fault(node, FaultKind::wrong("`wdl.max_length` counts from 0"));
        }
        max.map(|max| Kind::Text { max })
    }

    fn code(&mut self, lab: &Lab<'_>) -> Option<Kind> {
        let Some(node) = lab.node("wdl.code_list") else {
            return self.missing(lab.owner, "wdl.code_list");
        };
        let list = node.letters()?.to_owned();
        if let Some(lists) = self.lists.filter(|lists| lists.get(&list).is_none()) {
            let known = lists.iter().map(CodeList::name);
            let kind = FaultKind::UnknownName {
                meant: did_you_mean(&list, known).map(str::to_owned),
                name: list,
                list: "codes".to_owned(),
            };
            self.fault(node, kind);
            return None;
        }
        Some(Kind::Code { list })
    }

    fn decimal(&mut self, lab: &Lab<'_>, min: Option<i64>, max: Option<i64>) -> Option<Kind> {
        let mut due = |key: &str| match lab.node(key) {
            Some(_) => lab.whole(key),
            None => self.missing(lab.owner, key),
        };
        let (precision, scale) = (due("wdl.precision"), due("wdl.scale"));
        let (precision, scale) = (precision?, scale?);
        let fits = (1..=18).contains(&precision) && (0..=precision).contains(&scale);
        let digits = u32::try_from(scale).ok().filter(|_| fits);
        let Some(unit) = digits.and_then(|digits| 10_i64.checked_pow(digits)) else {
            let detail = "a decimal has 1 to 18 digits, and not more decimals than digits";
            self.fault(lab.node("wdl.precision")?, FaultKind::wrong(detail));
            return None;
        };
        Some(Kind::Decimal {
            precision: u8::try_from(precision).ok()?,
            scale: i8::try_from(scale).ok()?,
            min: min.map(|least| least.saturating_mul(unit)),
            max: max.map(|most| most.saturating_mul(unit)),
        })
    }

    fn treatment(&mut self, lab: &Lab<'_>) -> Option<Treatment> {
        let word: TreatmentWord = lab.word("wdl.treatment")?;
        let mut domain = || match lab.text("wdl.domain") {
            Some(domain) => Some(domain),
            None => self.missing(lab.owner, "wdl.domain"),
        };
        match word {
            TreatmentWord::Keep => Some(Treatment::Keep),
            TreatmentWord::Drop => Some(Treatment::Drop),
            TreatmentWord::Oprf => domain().map(Treatment::Oprf),
            TreatmentWord::Keyed => domain().map(Treatment::Keyed),
            TreatmentWord::CoarsenMonth => Some(Treatment::CoarsenMonth),
        }
    }
}

/// The properties that belong to some kinds only.
const OF_KINDS: &[(&str, &[KindWord])] = &[
    ("wdl.code_list", &[KindWord::Code]),
    ("wdl.max_length", &[KindWord::Text]),
    ("wdl.min", NUMBERS),
    ("wdl.max", NUMBERS),
    ("wdl.precision", &[KindWord::Decimal]),
    ("wdl.scale", &[KindWord::Decimal]),
    ("wdl.not_before", &[KindWord::Date]),
    ("wdl.sum_of", &[KindWord::Money]),
    ("wdl.sum_tolerance", &[KindWord::Money]),
];
const NUMBERS: &[KindWord] = &[KindWord::Integer, KindWord::Money, KindWord::Decimal];

/// What a column of text may hold when its contract does not say.
const TEXT_MAX: usize = 200;

fn layout(lab: &Lab<'_>) -> Layout {
    match lab.word("wdl.layout") {
        Some(LayoutWord::Workbook) => Layout::Workbook {
            sheet: lab.text("wdl.sheet"),
        },
        Some(LayoutWord::FixedWidth) => Layout::FixedWidth,
        Some(LayoutWord::Delimited) | None => Layout::Delimited,
    }
}

fn notice(node: &Node) -> Option<Notice> {
    Some(Notice {
        text: lab::pair(node)?,
        url: node.get("url").and_then(Node::letters).map(str::to_owned),
    })
}

fn drift(lab: &Lab<'_>) -> Drift {
    let usual = Drift::default();
    let said = |part| lab.part("wdl.drift", part);
    Drift {
        rows: said("rows").or(usual.rows),
        totals: said("totals").or(usual.totals),
        missing: said("missing").or(usual.missing),
    }
}
