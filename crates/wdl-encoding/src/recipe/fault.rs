//! What is wrong in a recipe.

use wdl_vocab::diagnostics::codes::lab as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// A recipe cannot be used; every fault found is listed.
pub type RecipeError = wdl_yaml::FolderError<RecipeFault>;

pub(crate) type Fault = wdl_yaml::Fault<RecipeFault>;
pub(crate) type FaultKind = wdl_yaml::FaultKind<RecipeFault>;

/// What only the reader of a recipe can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeFault {
    /// The file has another name than the recipe.
    #[error("the recipe `{name}` is in a file of another name")]
    FileName {
        /// The recipe's name.
        name: String,
    },
    /// A combination that many people share.
    #[error("the combination `{name}` is shared by many people")]
    WeakCombination {
        /// The combination.
        name: String,
    },
    /// An encoding of too few fields.
    #[error("an encoding of {count} fields")]
    WeakClk {
        /// How many fields it has.
        count: usize,
    },
    /// A variant that swaps what the combination does not have.
    #[error("the variant `{value}` needs `{expected}`")]
    Variant {
        /// The variant.
        value: String,
        /// What it needs.
        expected: String,
    },
    /// A number out of its range.
    #[error("`{key}` is between {minimum} and {maximum}")]
    Range {
        /// The key.
        key: String,
        /// The least.
        minimum: String,
        /// The greatest.
        maximum: String,
    },
    /// Nothing is made.
    #[error("neither a combination nor an encoding")]
    Empty,
}

impl Diagnose for RecipeFault {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            RecipeFault::FileName { name } => new(codes::RECIPE_FILE_NAME).with("name", name),
            RecipeFault::WeakCombination { name } => {
                new(codes::WEAK_COMBINATION).with("name", name)
            }
            RecipeFault::WeakClk { count } => new(codes::WEAK_CLK).with("count", count),
            RecipeFault::Variant { value, expected } => new(codes::RECIPE_VARIANT)
                .with("value", value)
                .with("expected", expected),
            RecipeFault::Range {
                key,
                minimum,
                maximum,
            } => new(codes::RECIPE_RANGE)
                .with("key", key)
                .with("minimum", minimum)
                .with("maximum", maximum),
            RecipeFault::Empty => new(codes::RECIPE_EMPTY),
        }
    }
}
