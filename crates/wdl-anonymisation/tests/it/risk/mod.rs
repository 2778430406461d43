//! Risk of records.

mod individual;
mod population;
mod readings;
mod reference;
mod special_uniques;
