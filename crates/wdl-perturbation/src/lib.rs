//! Noise and rounding instead of hiding: controlled and random rounding, cell keys, differential privacy.
