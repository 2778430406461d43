//! Sums in a fixed order with the lost low bits carried along.

/// A running sum after Neumaier (1974): the error does not grow with the number of terms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    /// Nothing added yet.
    pub const ZERO: Sum = Sum {
        high: 0.0,
        low: 0.0,
    };

    /// One term.
    pub fn of(term: f64) -> Sum {
        Sum {
            high: term,
            low: 0.0,
        }
    }

    /// Adds one term.
    #[inline]
    pub fn add(&mut self, term: f64) {
        let sum = self.high + term;
        self.low += if self.high.abs() >= term.abs() {
            (self.high - sum) + term
        } else {
            (term - sum) + self.high
        };
        self.high = sum;
    }

    /// The sum so far.
    #[inline]
    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

/// The sum of some terms, in their order.
pub fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = Sum::ZERO;
    for term in terms {
        sum.add(term);
    }
    sum.value()
}
