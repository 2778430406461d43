//! The ways of encoding that are attacked: the shipped recipe, variants of it, and weak ones that the literature has broken.
//!
//! An attacker knows the way (Kerckhoffs) and may run it with keys of its own; it does not know the key.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use wdl_encoding::{
    BirthDate, Cache, ClkField, ClkRule, Cut, Encoder, EncodingKey, Field, FieldCells, Filter,
    Grams, NormalForm, Person, Recipe, RecordCache, Salt, SaltPart, Schema, SchemaEncoder,
    SchemaField, Values,
};

use super::people::Known;
use super::random::Random;

/// An encoding as words.
pub(crate) type Bits = [u64; 16];
/// One encoding of each record.
pub(crate) type Surface = Vec<Bits>;

/// How the positions of a gram are drawn.
#[derive(Clone, PartialEq)]
pub(crate) enum Hashing {
    /// As the library does for a lab's recipe: each from its own bits of a keyed hash.
    Independent(ClkRule),
    /// As the library does for the schemas of plain files: all vectors of a record at once, whatever salts them.
    BySchema,
    /// As the library does for whole files: nobody is alike to somebody else of the file.
    Apart,
    /// Two hashes a and b give all positions a + i·b, under one key for all fields (Kirsch, Mitzenmacher 2006; broken by Kroll, Steinmetzer 2015).
    Double,
}

/// A way of encoding.
#[derive(Clone)]
pub(crate) struct Way {
    /// The fields, and what separates the encodings of each filter: one encoding of each record for each.
    pub(crate) schema: Schema,
    pub(crate) hashing: Hashing,
}

/// The shipped recipe.
pub(crate) fn shipped() -> Recipe {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/linkage/person.yaml"
    );
    Recipe::read(Path::new(path)).expect("the shipped recipe is right")
}

/// The day, the year and the sex as salts.
pub(crate) const YEAR: (Field, Cut) = (Field::BirthDate, Cut::Year);
pub(crate) const DATE: (Field, Cut) = (Field::BirthDate, Cut::Whole);
pub(crate) const SEX: (Field, Cut) = (Field::Sex, Cut::Whole);

impl Way {
    /// The shipped recipe's encoding.
    pub(crate) fn ours() -> Way {
        let rule = shipped().clk.expect("the shipped recipe has an encoding");
        let part = |salt: &Salt| match salt {
            Salt::BirthYear => YEAR,
            Salt::BirthDate => DATE,
            Salt::Sex => SEX,
        };
        let salt: Vec<(Field, Cut)> = rule.salt.iter().map(part).collect();
        Way {
            schema: schema(&rule, &[&salt]),
            hashing: Hashing::Independent(rule),
        }
    }

    /// The fields of the shipped one with other salts, one encoding for each, and another number of terms.
    pub(crate) fn variant(salts: &[&[(Field, Cut)]], diffusion: usize) -> Way {
        let rule = shipped().clk.expect("the shipped recipe has an encoding");
        Way::of(Schema {
            diffusion,
            ..schema(&rule, salts)
        })
    }

    /// A schema of plain files, whose fields are those of [`Known`].
    pub(crate) fn of(schema: Schema) -> Way {
        Way {
            schema,
            hashing: Hashing::BySchema,
        }
    }

    /// A whole file encoded by a schema of plain files.
    pub(crate) fn of_file(schema: Schema) -> Way {
        Way {
            schema,
            hashing: Hashing::Apart,
        }
    }

    /// The fields of the shipped one, without salt and diffusion, by double hashing.
    pub(crate) fn double_hashed() -> Way {
        Way {
            hashing: Hashing::Double,
            ..Way::variant(&[&[]], 0)
        }
    }

    /// The surname alone, without salt and diffusion.
    pub(crate) fn surname_alone() -> Way {
        let mut way = Way::variant(&[&[]], 0);
        way.schema.fields.retain(|field| field.name == "surname");
        way
    }

    /// The encodings of some people under a key, one surface for each rule.
    pub(crate) fn encode(&self, key: &[u8; 32], people: &[Known]) -> Vec<Surface> {
        match &self.hashing {
            Hashing::BySchema => by_schema(&self.schema, key, people),
            Hashing::Apart => apart(&self.schema, key, people),
            Hashing::Independent(rule) => vec![independent(rule, key, people)],
            Hashing::Double => vec![double(&self.schema, key, people)],
        }
    }

    /// What separates the encodings of a filter, for a person.
    pub(crate) fn salt(&self, filter: usize, person: &Known) -> String {
        let part = |part: &SaltPart| {
            let value = person.value(&part.field);
            part.cut.of(&value).to_owned()
        };
        let parts: Vec<String> = self.schema.filters[filter].salt.iter().map(part).collect();
        parts.join(" ")
    }

    /// What of a person is encoded.
    pub(crate) fn values(&self, person: &Known) -> Vec<String> {
        let fields = self.schema.fields.iter();
        fields.map(|field| person.value(&field.name)).collect()
    }
}

/// The schema of plain files that says what a rule says, under other salts.
fn schema(rule: &ClkRule, salts: &[&[(Field, Cut)]]) -> Schema {
    let form = |field: Field| match field {
        Field::Surname => NormalForm::Surname,
        Field::GivenName => NormalForm::GivenName,
        Field::BirthDate => NormalForm::Date,
        Field::Sex => NormalForm::Sex,
        Field::BirthPlace => NormalForm::Text,
    };
    let field = |field: &ClkField| SchemaField {
        name: field.field.to_string(),
        columns: Vec::new(),
        form: form(field.field),
        grams: field.grams,
        weight: field.weight,
        grams_mean: field.grams_mean,
    };
    let part = |(field, cut): &(Field, Cut)| SaltPart {
        field: field.to_string(),
        cut: *cut,
    };
    let filter = |salt: &&[(Field, Cut)]| Filter {
        salt: salt.iter().map(part).collect(),
    };
    Schema {
        fill: rule.fill,
        diffusion: rule.diffusion,
        fields: rule.fields.iter().map(field).collect(),
        filters: salts.iter().map(filter).collect(),
    }
}

fn by_schema(schema: &Schema, key: &[u8; 32], people: &[Known]) -> Vec<Surface> {
    let encoder = SchemaEncoder::new(schema, &EncodingKey::from_bytes(key));
    let mut cache = RecordCache::default();
    let mut surfaces = vec![Surface::with_capacity(people.len()); schema.filters.len()];
    for person in people {
        let fields = schema.fields.iter();
        let cells: Vec<String> = fields.map(|field| person.value(&field.name)).collect();
        let vectors = encoder.encode(&mut cache, cells.iter().map(String::as_str));
        for (surface, bytes) in surfaces.iter_mut().zip(vectors) {
            surface.push(words(&bytes.expect("invented people have every value")));
        }
    }
    surfaces
}

fn apart(schema: &Schema, key: &[u8; 32], people: &[Known]) -> Vec<Surface> {
    let encoder = SchemaEncoder::new(schema, &EncodingKey::from_bytes(key));
    let columns: Vec<Vec<String>> = schema
        .fields
        .iter()
        .map(|field| {
            people
                .iter()
                .map(|person| person.value(&field.name))
                .collect()
        })
        .collect();
    let values: Vec<Vec<&str>> = columns
        .iter()
        .map(|column| column.iter().map(String::as_str).collect())
        .collect();
    let rows: Vec<u32> = (0..).take(people.len()).collect();
    let cells: Vec<FieldCells<'_>> = values
        .iter()
        .map(|values| FieldCells {
            values,
            cells: &rows,
        })
        .collect();
    let vectors = encoder.encode_apart(&cells).vectors.into_iter();
    vectors
        .map(|of| of.bits.iter().map(words).collect())
        .collect()
}

fn words(bytes: &[u8; 128]) -> Bits {
    let words = bytes.as_chunks::<8>().0;
    std::array::from_fn(|word| u64::from_le_bytes(words[word]))
}

fn independent(rule: &ClkRule, key: &[u8; 32], people: &[Known]) -> Surface {
    let encoder = Encoder::new(rule, &EncodingKey::from_bytes(key));
    let mut cache = Cache::default();
    let encode = |known: &Known| {
        let bytes = encoder.clk(&mut cache, &person(known));
        words(&bytes.expect("invented people have every value"))
    };
    people.iter().map(encode).collect()
}

/// A person as the library takes it.
pub(crate) fn person(known: &Known) -> Person {
    let (year, month, day) = known.birth;
    Person::normal(&Values {
        surname: Some(&known.surname),
        given_name: Some(&known.given_name),
        birth_date: BirthDate::new(year, month, day),
        sex: Some(known.sex),
        birth_place: Some(&known.birth_place),
    })
}

/// How many bits a gram of a field sets where all fields are held.
pub(crate) fn insertions(schema: &Schema, field: &SchemaField) -> usize {
    let weights: f64 = schema.fields.iter().map(|field| field.weight).sum();
    let total = (1.0 - schema.fill).ln() / (1.0 - 1.0 / 1024.0_f64).ln();
    ((total * field.weight / weights / field.grams_mean).round() as usize).max(1)
}

/// The classic encoding: no field has a key of its own, a gram has one of few patterns.
fn double(schema: &Schema, key: &[u8; 32], people: &[Known]) -> Surface {
    let mut known: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let encode = |person: &Known| {
        let mut bits: Bits = [0; 16];
        for field in &schema.fields {
            for gram in grams(field.grams, &person.value(&field.name)) {
                let (first, step) = *known.entry(gram.clone()).or_insert_with(|| {
                    let hash = Sha256::new()
                        .chain_update(key)
                        .chain_update(&gram)
                        .finalize();
                    let number =
                        |at: usize| usize::from(u16::from_be_bytes([hash[at], hash[at + 1]]));
                    (number(0), number(2))
                });
                for nth in 0..insertions(schema, field) {
                    let position = (first + nth * step) % 1024;
                    bits[position / 64] |= 1 << (position % 64);
                }
            }
        }
        bits
    };
    people.iter().map(encode).collect()
}

/// A value cut into grams, as the recipe describes it.
pub(crate) fn grams(how: Grams, value: &str) -> Vec<String> {
    match how {
        Grams::Whole => vec![value.to_owned()],
        Grams::Places => {
            let letters = value.chars().enumerate();
            letters
                .map(|(place, letter)| format!("{place}:{letter}"))
                .collect()
        }
        Grams::Letters(length) => {
            let ends = "_".repeat(length - 1);
            let marked: Vec<char> = format!("{ends}{value}{ends}").chars().collect();
            marked
                .windows(length)
                .map(|run| run.iter().collect())
                .collect()
        }
    }
}

/// What the linkage unit sees, and the truth it does not.
pub(crate) struct Target {
    pub(crate) surfaces: Vec<Surface>,
    /// For each record, its person.
    pub(crate) truth: Vec<usize>,
}

impl Target {
    /// Encodes people under a secret key, in an order that tells nothing.
    pub(crate) fn new(way: &Way, people: &[Known], seed: u64) -> Target {
        let truth = Random::new(seed).order(people.len());
        let mut target = Target {
            surfaces: Vec::new(),
            truth,
        };
        target.surfaces = target.second_file(way, people, seed);
        target
    }

    /// What another body has of the same people, under the same key and in the same order.
    pub(crate) fn second_file(&self, way: &Way, people: &[Known], seed: u64) -> Vec<Surface> {
        let key = Sha256::digest(seed.to_le_bytes()).into();
        let shuffled = self.truth.iter().map(|nth| people[*nth].clone());
        way.encode(&key, &shuffled.collect::<Vec<Known>>())
    }
}

/// The person an attack names for each record, if any.
pub(crate) type Claims = Vec<Option<usize>>;

/// How an attack ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub(crate) records: usize,
    pub(crate) claims: usize,
    /// Claims that name the values that were encoded.
    pub(crate) right: usize,
}

impl Outcome {
    /// Holds the claims against the truth; records whose person was known beforehand do not count.
    pub(crate) fn of(
        claims: &Claims,
        target: &Target,
        (people, way): (&[Known], &Way),
        known: &[(usize, usize)],
    ) -> Outcome {
        let mut counts = vec![true; claims.len()];
        known.iter().for_each(|(record, _)| counts[*record] = false);
        let mut outcome = Outcome {
            records: claims.len() - known.len(),
            claims: 0,
            right: 0,
        };
        for (record, claim) in claims
            .iter()
            .enumerate()
            .filter(|(record, _)| counts[*record])
        {
            let Some(claim) = claim else { continue };
            let truth = target.truth[record];
            outcome.claims += 1;
            let is_right = way.values(&people[*claim]) == way.values(&people[truth]);
            outcome.right += usize::from(is_right);
        }
        outcome
    }

    /// The share of all records that were named rightly.
    pub(crate) fn share(&self) -> f64 {
        self.right as f64 / self.records.max(1) as f64
    }
}
