//! The budget of one population: what was spent, what an answer would add, and answers given once.

use super::mechanism::check;
use super::{Loss, Mechanism, PrivacyError, epsilon_of};

/// How much all answers on a population may cost together: (ε, δ).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// ε.
    pub epsilon: f64,
    /// δ: the chance that ε does not hold; well below one over the people.
    pub delta: f64,
}

/// An answer, and whether it is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The noisy count; it may be negative, and is published as it is or cut at 0 by whoever shows it.
    pub count: i64,
    /// Drawn now, to be recorded; otherwise it stood in the record and cost nothing.
    pub is_new: bool,
}

/// Answers to counts asked together, in their order, and whether they are new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The noisy counts.
    pub counts: Vec<i64>,
    /// As in [`Answer`].
    pub is_new: bool,
}

/// What was spent on a population so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Account {
    limit: Limit,
    pure: f64,
    pure_as_concentrated: f64,
    concentrated: f64,
}

impl Account {
    /// An account of which nothing is spent.
    ///
    /// # Errors
    /// Limits that are not above 0.
    pub fn new(limit: Limit) -> Result<Self, PrivacyError> {
        check(limit.epsilon, "ε")?;
        check(limit.delta, "δ")?;
        Ok(Account {
            limit,
            pure: 0.0,
            pure_as_concentrated: 0.0,
            concentrated: 0.0,
        })
    }

    /// Enters what an earlier answer cost, whatever the limit.
    pub fn enter(&mut self, loss: Loss) {
        *self = self.with(loss);
    }

    /// ε at the account's δ of everything spent: the smaller of two compositions that both hold, pure losses added as they are or as ρ = ε²/2.
    ///
    /// # Errors
    /// The library's conversion fails.
    pub fn spent(&self) -> Result<f64, PrivacyError> {
        let together = self.converted(self.concentrated + self.pure_as_concentrated)?;
        Ok(self.apart()?.min(together))
    }

    /// Pure losses added as they are, the others converted.
    fn apart(&self) -> Result<f64, PrivacyError> {
        Ok(self.pure + self.converted(self.concentrated)?)
    }

    fn converted(&self, rho: f64) -> Result<f64, PrivacyError> {
        if rho > 0.0 {
            epsilon_of(rho, self.limit.delta)
        } else {
            Ok(0.0)
        }
    }

    /// Answers: from the record if the same question was answered before, else by one draw that the account pays for.
    ///
    /// # Errors
    /// The budget does not reach; nothing is drawn then.
    pub fn answer(
        &mut self,
        recorded: Option<i64>,
        count: i64,
        mechanism: Mechanism,
        sensitivity: u32,
    ) -> Result<Answer, PrivacyError> {
        if let Some(count) = recorded {
            return Ok(Answer {
                count,
                is_new: false,
            });
        }
        let mut answers = self.answer_all(None, &[count], mechanism, sensitivity)?;
        Ok(Answer {
            count: answers.counts.remove(0),
            is_new: answers.is_new,
        })
    }

    /// Answers counts asked together, which one person changes by `sensitivity` in all: one price for the lot.
    ///
    /// Counts of groups that do not overlap, of people who are each in one, have a sensitivity of 1 (parallel composition).
    ///
    /// # Errors
    /// The budget does not reach; nothing is drawn then.
    pub fn answer_all(
        &mut self,
        recorded: Option<&[i64]>,
        counts: &[i64],
        mechanism: Mechanism,
        sensitivity: u32,
    ) -> Result<Answers, PrivacyError> {
        if let Some(recorded) = recorded {
            let counts = recorded.to_vec();
            return Ok(Answers {
                counts,
                is_new: false,
            });
        }
        let after = self.afford(mechanism, sensitivity)?;
        let counts = counts
            .iter()
            .map(|count| mechanism.draw(*count))
            .collect::<Result<_, _>>()?;
        *self = after;
        Ok(Answers {
            counts,
            is_new: true,
        })
    }

    /// The account after an answer that it can pay for.
    fn afford(&self, mechanism: Mechanism, sensitivity: u32) -> Result<Account, PrivacyError> {
        let after = self.with(mechanism.loss(sensitivity)?);
        // The second composition costs much to compute, and matters only where the first does not reach.
        let first = after.apart()?;
        let epsilon = if first <= self.limit.epsilon {
            first
        } else {
            after.spent()?
        };
        // What a sum of prices loses in its last digits is no price: three tenths fit into 0.3.
        if epsilon > self.limit.epsilon * (1.0 + 1e-12) {
            return Err(PrivacyError::Spent {
                after: epsilon,
                limit: self.limit.epsilon,
            });
        }
        Ok(after)
    }

    fn with(mut self, loss: Loss) -> Self {
        match loss {
            Loss::Pure(epsilon) => {
                self.pure += epsilon;
                self.pure_as_concentrated += epsilon * epsilon / 2.0;
            }
            Loss::Concentrated(rho) => self.concentrated += rho,
        }
        self
    }
}
