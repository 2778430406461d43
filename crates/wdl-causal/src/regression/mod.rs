//! Linear regression with many fixed effects, weights and instruments, Poisson regression, and every kind of standard error.
