//! Cost per outcome, with its uncertainty.
