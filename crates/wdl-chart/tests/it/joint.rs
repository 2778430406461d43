//! The picture of effects beside themes.

use wdl_chart::{Effect, JointDisplay, Origin, Pair, Picture as _, Place, Share, Together, Width};
use wdl_vocab::Lang;

fn pair(label: &str, effect: Option<(f64, [f64; 2])>, share: Share, together: Together) -> Pair {
    Pair {
        label: label.to_owned(),
        effect: effect.map(|(estimate, interval)| Effect {
            label: label.to_owned(),
            estimate,
            interval: Some(interval),
        }),
        share,
        together,
    }
}

#[test]
fn effects_and_shares_stand_in_one_row_and_what_is_hidden_has_no_bar() {
    let picture = JointDisplay {
        pairs: vec![
            pair(
                "Q1",
                Some((-0.6, [-1.0, -0.2])),
                Share::Shown(0.62),
                Together::Convergent,
            ),
            pair(
                "Q2",
                Some((-0.1, [-0.5, 0.3])),
                Share::Hidden,
                Together::Silent,
            ),
            pair("Q3", None, Share::Nobody, Together::Silent),
            pair(
                "Q4",
                Some((0.4, [0.1, 0.7])),
                Share::Shown(1.0),
                Together::Divergent,
            ),
        ],
        level: 0.95,
    };
    let place = |width| Place {
        id: "joint",
        title: "Il contributo aiuta",
        width,
        origin: Origin::Synthetic,
    };
    let wide = picture.draw(&place(Width::Wide), Lang::It);
    let narrow = picture.draw(&place(Width::Narrow), Lang::En);
    for word in ["Q1: convergente", "Q3: silenzio", "nascosta", "62%", "100%"] {
        assert!(wide.svg.contains(word), "{word}: {}", wide.svg);
    }
    assert!(narrow.svg.contains("Q2: silence") && narrow.svg.contains("hidden"));
    // A bar for each share that is told, and none for the others.
    let bar = "fill=\"#0066cc\" stroke=\"#0066cc\"";
    assert_eq!(wide.svg.matches(bar).count(), 2);
    assert_eq!(wide, picture.draw(&place(Width::Wide), Lang::It));
    for word in [
        "Q1: effetto \u{2212}0,60",
        "quota 62",
        "Q2",
        "nascosta",
        "divergente",
    ] {
        assert!(wide.alt.contains(word), "{word}: {}", wide.alt);
    }
    let table = picture.table(Lang::En);
    let cells = |row: usize| -> Vec<&str> {
        let own = table.rows[row].cells.iter();
        own.map(|cell| cell.text.as_str()).collect()
    };
    assert_eq!(cells(1)[3..], ["hidden", "silence"]);
    assert_eq!(
        cells(2),
        ["\u{2013}", "\u{2013}", "\u{2013}", "nobody", "silence"]
    );
}
