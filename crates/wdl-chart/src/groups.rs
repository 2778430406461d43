//! Categories that are ranges of a number, such as classes of income: `0_5000`, `5000_10000`, `50000_`.

use wdl_result::Dimension;

/// One range; the last may be open above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) from: f64,
    pub(crate) to: Option<f64>,
}

/// The ranges of a dimension, when every category is one and each begins where the one before ends.
pub(crate) fn ranges(dimension: &Dimension) -> Option<Vec<Range>> {
    let ranges: Vec<Range> = dimension
        .categories
        .iter()
        .map(|category| range(&category.id))
        .collect::<Option<_>>()?;
    let is_whole = ranges
        .windows(2)
        .all(|pair| pair[0].to == Some(pair[1].from));
    (is_whole && !ranges.is_empty()).then_some(ranges)
}

fn range(id: &str) -> Option<Range> {
    let (from, to) = id.split_once('_')?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
    let from = number(from)?;
    let to = match to {
        "" => None,
        text => Some(number(text).filter(|to| *to > from)?),
    };
    Some(Range { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_from_their_codes() {
        let closed = Range {
            from: 0.0,
            to: Some(5000.0),
        };
        assert_eq!(range("0_5000"), Some(closed));
        let open = Range {
            from: 50_000.0,
            to: None,
        };
        assert_eq!(range("50000_"), Some(open));
        for wrong in ["Q1", "5_3", "a_b", "_5", "nan_5", "5_inf", "sola_under65"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
