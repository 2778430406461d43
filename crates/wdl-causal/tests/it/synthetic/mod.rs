//! Synthetic control and synthetic difference-in-differences: values from outside, laws, slow second opinions, bad inputs.

mod bad;
mod control;
mod did;
mod sets;
mod simplex;
