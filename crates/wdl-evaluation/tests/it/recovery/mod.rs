//! What was planted in the synthetic city comes back: a few cities here, many in the example `recovery`.

mod studies;

#[test]
fn what_was_planted_comes_back_and_the_naive_comparison_fails() {
    let cities: Vec<_> = (1..=4).map(|seed| studies::city(20_000, seed)).collect();
    for own in studies::gather(&cities) {
        let (coverage, _) = own.coverage();
        println!(
            "{}, {}: {:+.1} errors from the truth",
            own.study,
            own.way,
            own.bias_in_errors()
        );
        assert!(own.truth.is_finite() && own.stated > 0.0, "{own:?}");
        match own.is_naive {
            // A naive comparison may be near by luck in one city, not in the mean of four.
            true => assert!((own.mean - own.truth).abs() > own.stated, "{own:?}"),
            false => {
                assert!(coverage >= 0.5, "{own:?}");
                // The error of a mean of four is half of one.
                assert!(
                    (own.mean - own.truth).abs() < 4.0 * own.stated / 2.0,
                    "{own:?}"
                );
            }
        }
    }
}
