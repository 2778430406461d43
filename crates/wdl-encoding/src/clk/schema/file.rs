//! The wire form of a schema, and its conversion: every fault told, at its place.

use serde::Deserialize;
use wdl_yaml::{Placed, Source};

use super::{Cut, FORMAT, Filter, NormalForm, SaltPart, Schema, SchemaField};
use crate::clk::{BITS, FIELDS_MIN};
use crate::recipe::{Fault, FaultKind, Grams, RecipeError, RecipeFault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaFile {
    format: Placed<String>,
    length: Placed<usize>,
    fill: Placed<f64>,
    diffusion: Placed<usize>,
    fields: Vec<FieldFile>,
    filters: Vec<FilterFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    field: Placed<String>,
    #[serde(default)]
    columns: Vec<String>,
    form: Placed<String>,
    grams: Placed<String>,
    weight: Placed<f64>,
    grams_mean: Placed<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilterFile {
    salt: Vec<Placed<String>>,
}

/// A record of so many vectors would give more away than its values are worth.
const FILTERS_MAX: usize = 8;
const FIELDS_MAX: usize = 64;
const CUTS: [(Cut, &str); 4] = [
    (Cut::Initial, ".initial"),
    (Cut::Start, ".start"),
    (Cut::Year, ".year"),
    (Cut::Day, ".day"),
];

pub(super) fn read(name: &str, text: &str) -> Result<Schema, RecipeError> {
    let source = Source::of(name, text);
    let file: SchemaFile = source.parse()?;
    let mut reader = Reader {
        source: &source,
        faults: Vec::new(),
    };
    let schema = reader.schema(&file);
    RecipeError::unless_empty(reader.faults)?;
    Ok(schema.expect("a schema without faults is whole"))
}

struct Reader<'a> {
    source: &'a Source,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        self.faults.push(self.source.fault_at(place, kind));
    }

    fn schema(&mut self, file: &SchemaFile) -> Option<Schema> {
        if file.format.value != FORMAT {
            self.fault(
                &file.format,
                FaultKind::unknown_word(&file.format.value, &[FORMAT]),
            );
        }
        self.range("length", &file.length, (BITS, BITS));
        self.range("fill", &file.fill, (0.05, 0.6));
        self.range("diffusion", &file.diffusion, (0, 32));
        if !(FIELDS_MIN..=FIELDS_MAX).contains(&file.fields.len()) {
            let count = file.fields.len();
            self.fault(&file.length, RecipeFault::WeakClk { count });
        }
        let mut fields: Vec<SchemaField> = Vec::new();
        for one in &file.fields {
            if fields.iter().any(|known| known.name == one.field.value) {
                let kind = FaultKind::DuplicateName {
                    list: "fields".to_owned(),
                    name: one.field.value.clone(),
                };
                self.fault(&one.field, kind);
            }
            fields.extend(self.field(one));
        }
        if !(1..=FILTERS_MAX).contains(&file.filters.len()) {
            let kind = RecipeFault::Range {
                key: "filters".to_owned(),
                minimum: "1".to_owned(),
                maximum: FILTERS_MAX.to_string(),
            };
            self.fault(&file.length, kind);
        }
        let mut filters = Vec::new();
        for one in &file.filters {
            let parts: Vec<Option<SaltPart>> = one
                .salt
                .iter()
                .map(|part| self.salt_part(part, &fields))
                .collect();
            filters.push(Filter {
                salt: parts.into_iter().flatten().collect(),
            });
        }
        self.faults.is_empty().then_some(Schema {
            fill: file.fill.value,
            diffusion: file.diffusion.value,
            fields,
            filters,
        })
    }

    fn field(&mut self, file: &FieldFile) -> Option<SchemaField> {
        let form = NormalForm::of(&file.form.value);
        if form.is_none() {
            let kind = FaultKind::unknown_word(&file.form.value, &NormalForm::words());
            self.fault(&file.form, kind);
        }
        let grams = Grams::of_word(&file.grams.value);
        if grams.is_none() {
            let kind = FaultKind::unknown_word(&file.grams.value, Grams::WORDS);
            self.fault(&file.grams, kind);
        }
        self.range("weight", &file.weight, (0.05, 10.0));
        self.range("grams_mean", &file.grams_mean, (1.0, 64.0));
        Some(SchemaField {
            name: file.field.value.clone(),
            columns: file.columns.clone(),
            form: form?,
            grams: grams?,
            weight: file.weight.value,
            grams_mean: file.grams_mean.value,
        })
    }

    /// `field`, `field.initial`, `field.start`, `field.year` or `field.day`; a field whose own name ends so is taken whole first.
    fn salt_part(&mut self, part: &Placed<String>, fields: &[SchemaField]) -> Option<SaltPart> {
        let text = part.value.as_str();
        let is_field = |name: &str| fields.iter().any(|field| field.name == name);
        if is_field(text) {
            return Some(SaltPart {
                field: text.to_owned(),
                cut: Cut::Whole,
            });
        }
        let cut = CUTS.iter().find_map(|(cut, end)| {
            let field = text.strip_suffix(end).filter(|field| is_field(field))?;
            Some(SaltPart {
                field: field.to_owned(),
                cut: *cut,
            })
        });
        if cut.is_none() {
            let known = fields.iter().map(|field| field.name.as_str());
            let meant = wdl_vocab::did_you_mean(text, known).map(str::to_owned);
            let kind = FaultKind::UnknownName {
                list: "fields".to_owned(),
                name: text.to_owned(),
                meant,
            };
            self.fault(part, kind);
        }
        cut
    }

    fn range<T: PartialOrd + std::fmt::Display>(
        &mut self,
        key: &str,
        value: &Placed<T>,
        (minimum, maximum): (T, T),
    ) {
        if !(&minimum..=&maximum).contains(&&value.value) {
            let kind = RecipeFault::Range {
                key: key.to_owned(),
                minimum: minimum.to_string(),
                maximum: maximum.to_string(),
            };
            self.fault(value, kind);
        }
    }
}

/// The file of a schema.
pub(super) fn write(schema: &Schema) -> String {
    let mut text = format!(
        "# How records become encodings. All parties use this very file; it holds no key and no value.\n\
         # Come le righe diventano codifiche. Tutti usano questo stesso file; non contiene chiavi né valori.\n\
         format: {FORMAT}\nlength: {BITS}\nfill: {}\ndiffusion: {}\nfields:\n",
        schema.fill, schema.diffusion
    );
    for field in &schema.fields {
        text.push_str(&format!("  - field: {}\n", quoted(&field.name)));
        if !field.columns.is_empty() {
            let columns: Vec<String> = field.columns.iter().map(|name| quoted(name)).collect();
            text.push_str(&format!("    columns: [{}]\n", columns.join(", ")));
        }
        text.push_str(&format!(
            "    form: {}\n    grams: {}\n    weight: {}\n    grams_mean: {}\n",
            field.form.word(),
            field.grams,
            field.weight,
            field.grams_mean
        ));
    }
    text.push_str("filters:\n");
    for filter in &schema.filters {
        let parts: Vec<String> = filter
            .salt
            .iter()
            .map(|part| quoted(&part.to_string()))
            .collect();
        text.push_str(&format!("  - salt: [{}]\n", parts.join(", ")));
    }
    text
}

/// A text as YAML reads it back, whatever it holds.
fn quoted(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
