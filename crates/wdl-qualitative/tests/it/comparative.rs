//! Qualitative comparative analysis: calibration, truth tables, minimisation, necessity.
