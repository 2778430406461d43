//! Synthetic control with a certified optimum, augmented, and synthetic difference-in-differences.
