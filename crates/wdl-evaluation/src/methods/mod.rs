//! The catalog of methods: one file each, its line here.

mod agreement;
mod bacon;
mod competing_risks;
mod cost;
mod cox;
mod did;
mod difference;
mod discrete_hazard;
mod dml;
mod e_value;
mod event_study;
mod fine_gray;
mod heterogeneity;
mod honest_did;
mod imputation;
mod interrupted_series;
mod lp_did;
mod matching;
mod placebo_power;
mod poisson;
mod policy_tree;
mod power;
mod qca;
mod rd;
mod rd_checks;
mod rd_density;
mod regression;
mod robustness_value;
mod rosenbaum;
mod sdid;
mod sun_abraham;
mod survival;
mod synthetic_control;
mod two_stage;
mod weight;

pub(crate) use self::power::fault as power_fault;
use crate::catalog::Method;

/// Every method.
pub(crate) const METHODS: &[&dyn Method] = &[
    &difference::Difference,
    &honest_did::HonestDid,
    &rosenbaum::Rosenbaum,
    &e_value::EValue,
    &robustness_value::RobustnessValue,
    &power::Power,
    &placebo_power::PlaceboPower,
    &interrupted_series::InterruptedSeries,
    &cost::Cost,
    &rd::Rd,
    &rd_checks::RdChecks,
    &rd_density::RdDensity,
    &survival::Survival,
    &cox::Cox,
    &competing_risks::CompetingRisks,
    &fine_gray::FineGray,
    &discrete_hazard::DiscreteHazard,
    &agreement::Agreement,
    &qca::Qca,
    &sdid::Sdid,
    &synthetic_control::SyntheticControl,
    &did::Did,
    &bacon::Bacon,
    &sun_abraham::SunAbraham,
    &imputation::Imputation,
    &two_stage::TwoStage,
    &lp_did::LpDid,
    &event_study::EventStudy,
    &poisson::Poisson,
    &regression::Regression,
    &matching::Matching,
    &weight::Weight,
    &dml::Dml,
    &heterogeneity::Heterogeneity,
    &policy_tree::PolicyTree,
];
