//! Regression discontinuity: local polynomials, optimal bandwidths, robust intervals, density tests.
