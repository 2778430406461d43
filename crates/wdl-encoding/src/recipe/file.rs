//! The wire form of `linkage/<name>.yaml`, and its conversion: every fault told, at its place.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use wdl_yaml::{Placed, Source};

use super::fault::{Fault, FaultKind, RecipeError, RecipeFault};
use super::{
    ClkField, ClkRule, Combination, Field, Form, Grams, Part, Recipe, Recipes, Rows, Salt, Variant,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipeFile {
    id: Placed<String>,
    #[serde(default)]
    combinations: Vec<CombinationFile>,
    #[serde(default)]
    clk: Option<ClkFile>,
    #[serde(default)]
    reference: Option<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CombinationFile {
    id: Placed<String>,
    rows: Placed<String>,
    parts: Vec<Placed<String>>,
    #[serde(default)]
    variants: Vec<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClkFile {
    rows: Placed<String>,
    fill: Placed<f64>,
    #[serde(default)]
    salt: Vec<Placed<String>>,
    diffusion: Placed<usize>,
    fields: Vec<ClkFieldFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClkFieldFile {
    field: Placed<String>,
    grams: Placed<String>,
    weight: Placed<f64>,
    grams_mean: Placed<f64>,
}

/// An identifier and a column's name hold so many characters.
const ID_MAX: usize = 40;
/// One field alone falls to a frequency attack within seconds; two hardly resist longer.
const PARTS_MIN: usize = 3;

pub(super) fn read(path: &Path) -> Result<Recipe, RecipeError> {
    let source = Source::read::<RecipeFault>(path)?;
    let file: RecipeFile = source.parse()?;
    let mut reader = Reader {
        source: &source,
        faults: Vec::new(),
    };
    let recipe = reader.recipe(&file, path);
    RecipeError::unless_empty(reader.faults)?;
    Ok(recipe.expect("a recipe without faults is whole"))
}

pub(super) fn read_all(lab_folder: &Path) -> Result<Recipes, RecipeError> {
    let mut faults = Vec::new();
    let mut recipes = Recipes::new();
    for path in files(&lab_folder.join("linkage"))? {
        match read(&path) {
            Ok(recipe) => {
                recipes.insert(recipe.id.clone(), recipe);
            }
            Err(error) => faults.extend(error.into_faults()),
        }
    }
    RecipeError::unless_empty(faults)?;
    Ok(recipes)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(Fault::unreadable(folder, &why)),
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    files.sort();
    Ok(files)
}

/// Converts one file; what is wrong is kept and the rest still read.
struct Reader<'a> {
    source: &'a Source,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        let fault = self.source.fault_at(place, kind);
        self.faults.push(fault);
    }

    fn recipe(&mut self, file: &RecipeFile, path: &Path) -> Option<Recipe> {
        let id = self.id(&file.id);
        if path
            .file_stem()
            .is_none_or(|stem| stem != file.id.value.as_str())
        {
            let name = file.id.value.clone();
            self.fault(&file.id, RecipeFault::FileName { name });
        }
        if file.combinations.is_empty() && file.clk.is_none() {
            self.fault(&file.id, RecipeFault::Empty);
        }
        let mut combinations: Vec<Combination> = Vec::new();
        for one in &file.combinations {
            if combinations.iter().any(|known| known.id == one.id.value) {
                let kind = FaultKind::DuplicateName {
                    list: "combinations".to_owned(),
                    name: one.id.value.clone(),
                };
                self.fault(&one.id, kind);
            }
            combinations.extend(self.combination(one));
        }
        let clk = file.clk.as_ref().map(|clk| self.clk(clk));
        Some(Recipe {
            id: id?,
            combinations,
            clk: match clk {
                Some(clk) => Some(clk?),
                None => None,
            },
            reference: match &file.reference {
                Some(reference) => Some(self.id(reference)?),
                None => None,
            },
        })
    }

    fn id(&mut self, id: &Placed<String>) -> Option<String> {
        let text = &id.value;
        let is_id = (1..=ID_MAX).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_id {
            self.fault(
                id,
                FaultKind::wrong("an identifier is lower case letters, digits and `_`"),
            );
        }
        is_id.then(|| text.clone())
    }

    /// A word of a list.
    fn word<T>(
        &mut self,
        word: &Placed<String>,
        known: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(&word.value);
        if value.is_none() {
            self.fault(word, FaultKind::unknown_word(&word.value, known));
        }
        value
    }

    /// Words of a list, each once; nothing when one is wrong.
    fn words<T: PartialEq>(
        &mut self,
        (list, words): (&str, &[Placed<String>]),
        known: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut values = Vec::new();
        let before = self.faults.len();
        for word in words {
            let Some(value) = self.word(word, known, read) else {
                continue;
            };
            if values.contains(&value) {
                let kind = FaultKind::DuplicateName {
                    list: list.to_owned(),
                    name: word.value.clone(),
                };
                self.fault(word, kind);
            }
            values.push(value);
        }
        (self.faults.len() == before).then_some(values)
    }

    fn combination(&mut self, file: &CombinationFile) -> Option<Combination> {
        let id = self.id(&file.id);
        let rows = self.word(&file.rows, Rows::WORDS, Rows::of_word);
        let parts = self.words(("parts", &file.parts), Part::WORDS, Part::of_word)?;
        let variants = self.words(
            ("variants", &file.variants),
            Variant::WORDS,
            Variant::of_word,
        )?;
        if !is_strong(&parts) {
            let name = file.id.value.clone();
            self.fault(&file.id, RecipeFault::WeakCombination { name });
        }
        for (variant, place) in variants.iter().zip(&file.variants) {
            if let Some(expected) = lacks(*variant, &parts) {
                let value = place.value.clone();
                let expected = expected.to_owned();
                self.fault(place, RecipeFault::Variant { value, expected });
            }
        }
        Some(Combination {
            id: id?,
            rows: rows?,
            parts,
            variants,
        })
    }

    fn clk(&mut self, file: &ClkFile) -> Option<ClkRule> {
        let rows = self.word(&file.rows, Rows::WORDS, Rows::of_word);
        let salt = self.words(("salt", &file.salt), Salt::WORDS, Salt::of_word);
        self.range("fill", &file.fill, (0.1, 0.6));
        self.range("diffusion", &file.diffusion, (0, 32));
        let mut fields: Vec<ClkField> = Vec::new();
        for one in &file.fields {
            let Some(field) = self.clk_field(one) else {
                continue;
            };
            if fields.iter().any(|known| known.field == field.field) {
                let kind = FaultKind::DuplicateName {
                    list: "fields".to_owned(),
                    name: one.field.value.clone(),
                };
                self.fault(&one.field, kind);
            }
            fields.push(field);
        }
        if file.fields.len() < PARTS_MIN {
            let count = file.fields.len();
            self.fault(&file.rows, RecipeFault::WeakClk { count });
        }
        Some(ClkRule {
            rows: rows?,
            fill: file.fill.value,
            salt: salt?,
            diffusion: file.diffusion.value,
            fields,
        })
    }

    fn clk_field(&mut self, file: &ClkFieldFile) -> Option<ClkField> {
        let field = self.word(&file.field, Field::WORDS, Field::of_word);
        let grams = self.word(&file.grams, Grams::WORDS, Grams::of_word);
        self.range("weight", &file.weight, (0.1, 10.0));
        self.range("grams_mean", &file.grams_mean, (1.0, 64.0));
        Some(ClkField {
            field: field?,
            grams: grams?,
            weight: file.weight.value,
            grams_mean: file.grams_mean.value,
        })
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

/// Few people share a day of birth, and fewer a name as well.
fn is_strong(parts: &[Part]) -> bool {
    let has = |field: Field| parts.iter().any(|part| part.field == field);
    let names = parts.iter().any(|part| {
        matches!(part.field, Field::Surname | Field::GivenName) && part.form != Form::Initial
    });
    parts.len() >= PARTS_MIN && has(Field::BirthDate) && names
}

/// What a variant needs and a combination does not have.
fn lacks(variant: Variant, parts: &[Part]) -> Option<&'static str> {
    let form = |field: Field| {
        parts
            .iter()
            .find(|part| part.field == field)
            .map(|part| part.form)
    };
    match variant {
        Variant::SwappedNames => {
            let (surname, given) = (form(Field::Surname), form(Field::GivenName));
            (surname.is_none() || surname != given).then_some("surname, given_name")
        }
        Variant::SwappedDayMonth => form(Field::BirthDate).is_none().then_some("birth_date"),
    }
}
