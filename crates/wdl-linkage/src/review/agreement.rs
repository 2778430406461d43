//! How far two reviewers agree beyond chance.

use super::NORMAL_95;

/// Cohen's kappa over the pairs that both judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kappa {
    /// How many pairs both judged.
    pub pairs: u64,
    /// The share on which they agree.
    pub agreement: f64,
    /// Agreement beyond chance, 1 at most.
    pub kappa: f64,
    /// Its standard error in large samples (Fleiss, Cohen and Everitt, *Psychological Bulletin* 72, 1969).
    pub error: f64,
    /// An interval of 95 %.
    pub interval: (f64, f64),
}

impl Kappa {
    /// From how often the first said the row and the second the column; nothing when both always say one same thing, or nothing.
    pub fn of<const N: usize>(table: &[[u64; N]; N]) -> Option<Kappa> {
        let pairs: u64 = table.iter().flatten().sum();
        let share = |row: usize, column: usize| table[row][column] as f64 / pairs as f64;
        let said = 0..N;
        let rows: Vec<f64> = said
            .clone()
            .map(|row| said.clone().map(|c| share(row, c)).sum())
            .collect();
        let columns: Vec<f64> = said
            .clone()
            .map(|c| said.clone().map(|row| share(row, c)).sum())
            .collect();
        let agreement: f64 = said.clone().map(|both| share(both, both)).sum();
        let by_chance: f64 = rows
            .iter()
            .zip(&columns)
            .map(|(row, column)| row * column)
            .sum();
        if pairs == 0 || by_chance >= 1.0 {
            return None;
        }
        let kappa = (agreement - by_chance) / (1.0 - by_chance);
        let off = 1.0 - kappa;
        let mut sum = -(kappa - by_chance * off).powi(2);
        for row in said.clone() {
            for column in said.clone() {
                let part = if row == column {
                    1.0 - (rows[row] + columns[row]) * off
                } else {
                    (columns[row] + rows[column]) * off
                };
                sum += share(row, column) * part.powi(2);
            }
        }
        let error = (sum.max(0.0) / pairs as f64).sqrt() / (1.0 - by_chance);
        Some(Kappa {
            pairs,
            agreement,
            kappa,
            error,
            interval: (
                (kappa - NORMAL_95 * error).max(-1.0),
                (kappa + NORMAL_95 * error).min(1.0),
            ),
        })
    }
}
