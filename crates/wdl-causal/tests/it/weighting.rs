//! Weighting and doubly robust estimation: inverse probability, entropy balancing.
