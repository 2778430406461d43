//! What a method of the catalog says of itself, and how it is found.

use wdl_vocab::{Text, did_you_mean};

use crate::answer::Evaluation;
use crate::fault::EvaluationError;
use crate::groups::{self, Rests};
use crate::methods::METHODS;
use crate::opening::{self, Claim};
use crate::options::Opt;
use crate::request::Request;

/// One method of evaluation.
pub trait Method: Sync {
    /// What it is called on a command line and in a study: `did`.
    fn name(&self) -> &'static str;
    /// One line that says what it does.
    fn title(&self) -> Text;
    /// What it can be asked, in the order in which help shows it.
    fn options(&self) -> &'static [Opt];
    /// The version of what it computes: it goes up with every change that may change a number.
    fn version(&self) -> u16 {
        1
    }
    /// Whether it reads the columns of a table; a formula such as that of power does not.
    fn reads_a_table(&self) -> bool {
        true
    }
    /// What its main estimate may be called before an official; the most careful word unless said.
    fn claim(&self) -> Claim {
        Claim::Association
    }
    /// How many units stand behind the rows of each of its tables: the rule of disclosure of the method.
    fn rests_on(&self) -> &'static [Rests] {
        &[]
    }
    /// Estimates from the columns and options of a request.
    ///
    /// # Errors
    /// [`EvaluationError`] when the options do not go together, a column has what it must not, or nothing can be estimated.
    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError>;
}

/// The whole answer of a method: what it estimates, the sentence for everybody, and the rows that rest on fewer than `smallest_group` units.
///
/// # Errors
/// As [`Method::run`].
pub fn evaluate(
    method: &dyn Method,
    request: &Request,
    smallest_group: u64,
) -> Result<Evaluation, EvaluationError> {
    let mut answer = method.run(request)?;
    let outcome = request.has("outcome").then(|| request.word("outcome"));
    answer.opening.outcome = answer
        .opening
        .outcome
        .or_else(|| outcome.flatten().map(str::to_owned));
    answer.summary = opening::summary(method.claim(), &answer);
    (answer.smallest_group, answer.small_groups) =
        groups::count(method.rests_on(), &answer, smallest_group);
    Ok(answer)
}

/// Every method, by name.
pub fn methods() -> impl Iterator<Item = &'static dyn Method> {
    METHODS.iter().copied()
}

/// The method of a name.
///
/// # Errors
/// [`EvaluationError::UnknownMethod`] with the name that was probably meant.
pub fn method(name: &str) -> Result<&'static dyn Method, EvaluationError> {
    methods()
        .find(|method| method.name() == name)
        .ok_or_else(|| EvaluationError::UnknownMethod {
            name: name.to_owned(),
            meant: did_you_mean(name, methods().map(|method| method.name())).map(str::to_owned),
        })
}
