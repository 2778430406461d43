//! Matching on the propensity score, on distances, exactly and coarsely, with balance.
