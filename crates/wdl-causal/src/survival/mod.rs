//! Durations: Kaplan-Meier, Cox, competing risks, hazards in discrete time.
