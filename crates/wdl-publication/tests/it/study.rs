//! The page, the report and the sheet of a study.

use wdl_publication::Site;
use wdl_publication::study::{Study, page, sheet, text};
use wdl_result::study::{
    ARM, Better, CHECK, CostFace, Deviation, FIGURE, FIGURES, Part, PowerFace, RUN,
    RegistrationFace, RunFace, RunKind, STEP, StudyFace, StudyPart,
};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Interval, Lineage, ObservableFrom,
    Status, Table, Unit,
};
use wdl_vocab::{
    Digest, Euro, IndicatorId, Lang, Period, SYNTHETIC_NOTICE, SnapshotId, StudyId, Text,
};

use crate::released::released;

const PERIOD: Period = Period::Year(2025);

fn words(it: &str, en: &str) -> Text {
    Text::new(it, en)
}

fn run(id: &str, kind: RunKind, label: Text) -> RunFace {
    RunFace {
        id: id.to_owned(),
        label,
        kind,
        method: "rd/1".to_owned(),
        method_title: words("Discontinuità", "Discontinuity"),
        options: vec![
            ("cutoff".to_owned(), "0".to_owned()),
            ("outcome".to_owned(), "notice_24m".to_owned()),
        ],
        columns: vec![(
            "notice_24m".to_owned(),
            words("sfratto entro due anni", "eviction within two years"),
        )],
        few: Vec::new(),
        few_tables: vec![words("Medie in fasce", "Means in bins")],
        level: 0.95,
        failed: None,
    }
}

/// A study whose words could be mistaken for markup.
fn face() -> StudyFace {
    StudyFace {
        title: words("Il contributo & gli sfratti", "The support & evictions"),
        question: words(
            "Il contributo <b>evita</b> sfratti?",
            "Does the support avoid evictions?",
        ),
        estimand: words("Effetto alla soglia", "Effect at the cut-off"),
        population: words("Chi ha chiesto", "Those who asked"),
        treatment: words("Il contributo", "The support"),
        outcome: words("sfratto entro due anni", "eviction within two years"),
        treated: words("con il contributo", "with the support"),
        others: words("senza", "without"),
        better: Better::Lower,
        how: words(
            "Si confrontano vicini #di [graduatoria].",
            "Neighbours are compared.",
        ),
        for_whom: words("Chi è alla soglia.", "Those at the cut-off."),
        assumptions: vec![words(
            "Nessuno sceglie il punteggio",
            "Nobody chooses the score",
        )],
        limits: vec![words("Chi ne è lontano", "Those far away")],
        runs: vec![
            run(
                "main",
                RunKind::Main,
                words("risultato principale", "main result"),
            ),
            run(
                "uniform",
                RunKind::Robustness,
                words("altro peso", "another kernel"),
            ),
            run("origin.a", RunKind::Subgroup, words("qui", "here")),
            run("origin.b", RunKind::Subgroup, words("altrove", "elsewhere")),
        ],
        warnings: Vec::new(),
        conventions: Vec::new(),
        warnings_kept: 0,
        power: Some(PowerFace {
            minimum: 0.05,
            power: 0.8,
            basis: words("deviazione 0,3", "deviation 0.3"),
            half_width: Some(0.035),
            false_alarms: None,
            widened: None,
        }),
        cost: Some(CostFace {
            each: Euro::from_units(1500),
            source: words("bilancio", "budget"),
        }),
        registration: Some(RegistrationFace {
            digest: Digest::of(b"stated"),
            on: "2026-11-01T08:00:00Z".to_owned(),
            entry: 12,
            methods: vec!["rd/1".to_owned()],
            code_version: "0.1.0".to_owned(),
        }),
        outcome_read_before: false,
        deviations: vec![Deviation {
            key: "robustness.uniform.options.kernel".to_owned(),
            registered: Some("uniform".to_owned()),
            now: Some("epanechnikov".to_owned()),
            reason: Some(words("un errore", "a slip")),
        }],
        run_on: "2026-11-05T09:00:00Z".to_owned(),
    }
}

fn header(part: Part, unit: Unit, additivity: Additivity, face: Option<StudyFace>) -> Header {
    Header {
        indicator: IndicatorId::parse(&format!("study-call-{}", part.as_str())).unwrap(),
        theme: "casa".to_owned(),
        title: words("Il contributo: tabella", "The support: table"),
        definition: words("Che cosa dice", "What it says"),
        source: words("prova", "test"),
        unit,
        decimals: 1,
        interval: Interval::Plain,
        additivity,
        population: words("Chi ha chiesto", "Those who asked"),
        n_label: words("domande", "applications"),
        statistic: "rd/1".to_owned(),
        observable_from: ObservableFrom::Register,
        uncertainty: words("del metodo", "of the method"),
        coverage: words("tutti", "all"),
        synthetic: true,
        data_date: "2026-10-05".to_owned(),
        lineage: Lineage {
            snapshot: SnapshotId::parse("5a").unwrap(),
            definition: Digest::of(b"call"),
            code_version: "0.1.0".to_owned(),
            inputs: Vec::new(),
        },
        protection: None,
        study: Some(StudyPart {
            study: StudyId::parse("call").unwrap(),
            part,
            face: face.map(Box::new),
        }),
    }
}

fn dimension(id: &str, categories: &[(&str, &str)]) -> Dimension {
    let category = |(id, label): &(&str, &str)| Category {
        id: (*id).to_owned(),
        label: words(label, label),
    };
    Dimension {
        id: id.to_owned(),
        label: words(id, id),
        categories: categories.iter().map(category).collect(),
    }
}

fn cell(keys: &[Option<&str>], estimate: Option<f64>, n: u64) -> Cell {
    Cell {
        period: PERIOD,
        keys: keys.iter().map(|own| own.map(str::to_owned)).collect(),
        estimate,
        standard_error: None,
        n: Some(n),
        n_with: None,
        coverage: None,
        status: match estimate {
            Some(_) => Status::Value,
            None => Status::NotComputableUndefined,
        },
    }
}

/// Effect and interval of the main run.
fn tables(main: [f64; 3], face: StudyFace) -> Vec<Table> {
    let runs = [
        ("main", "risultato principale"),
        ("uniform", "altro peso"),
        ("origin.a", "origine: qui"),
        ("origin.b", "origine: altrove"),
    ];
    let figures = FIGURES.map(|figure| (figure, figure));
    let values = [
        main,
        [-0.07, -0.12, -0.02],
        [-0.09, -0.15, -0.03],
        [-0.02, -0.09, 0.05],
    ];
    let mut effects = Vec::new();
    let mut p_values = Vec::new();
    for ((run, _), values) in runs.iter().zip(values) {
        for (figure, value) in FIGURES.iter().zip(values) {
            effects.push(cell(&[Some(run), Some(figure)], Some(value), 400));
        }
        p_values.push(cell(&[Some(run)], Some(0.012), 400));
    }
    let mut sample = Vec::new();
    for (step, share) in [(Some("used"), 0.9), (Some("no_outcome"), 0.1)] {
        for (arm, count) in [
            (None, 400.0),
            (Some("treated"), 250.0),
            (Some("others"), 150.0),
        ] {
            let n = share * count;
            sample.push(cell(&[step, arm], Some(n), n as u64));
        }
    }
    let checks = ["density", "age"];
    let table = |header, dimensions, cells| Table {
        header,
        dimensions,
        cells,
    };
    vec![
        table(
            header(Part::Effects, Unit::Share, Additivity::None, Some(face)),
            vec![dimension(RUN, &runs), dimension(FIGURE, &figures)],
            effects,
        ),
        table(
            header(Part::PValues, Unit::Ratio, Additivity::None, None),
            vec![dimension(RUN, &runs)],
            p_values,
        ),
        table(
            header(Part::Sample, Unit::Acts, Additivity::Count, None),
            vec![
                dimension(STEP, &[("used", "usate"), ("no_outcome", "senza esito")]),
                dimension(ARM, &[("treated", "con"), ("others", "senza")]),
            ],
            sample,
        ),
        table(
            header(Part::Checks, Unit::Ratio, Additivity::None, None),
            vec![dimension(CHECK, &checks.map(|id| (id, id)))],
            checks.map(|id| cell(&[Some(id)], Some(0.4), 400)).into(),
        ),
    ]
}

fn said(main: [f64; 3], face: StudyFace, lang: Lang) -> String {
    let tables = tables(main, face);
    text(&Study::of(&tables).unwrap(), lang)
}

#[test]
fn the_report_in_both_languages() {
    let main = [-0.061, -0.102, -0.02];
    let it = said(main, face(), Lang::It);
    let en = said(main, face(), Lang::En);
    for words in [
        "−6,1\u{a0}punti percentuali",
        "prima di leggere l’esito",
        "Nessuna delle 2 prove che potevano smentire il disegno lo smentisce.",
        "effetti da 5,0\u{a0}punti percentuali in su",
        "Nella stima: 360 domande, di cui 225 con il contributo e 135 senza.",
        "robustness.uniform.options.kernel",
        "un errore",
        "rd/1; cutoff: 0",
    ] {
        assert!(it.contains(words), "{words}: {it}");
    }
    for words in [
        "−6.1\u{a0}percentage points",
        "before the outcome was read",
        "Each case less takes about",
        "a slip",
    ] {
        assert!(en.contains(words), "{words}: {en}");
    }
}

#[test]
fn a_cost_is_told_only_where_an_effect_is() {
    let it = said([-0.061, -0.102, -0.02], face(), Lang::It);
    // 1,500 euros over 6.1, 10.2 and 2 cases in a hundred, in two digits.
    assert!(it.contains("circa 25.000\u{a0}€"), "{it}");
    assert!(it.contains("da 15.000\u{a0}€ a 75.000\u{a0}€"), "{it}");
    let open = said([-0.01, -0.06, 0.04], face(), Lang::It);
    assert!(
        open.contains("non si può dire: l’effetto potrebbe essere nullo"),
        "{open}"
    );
    assert!(open.contains("l’intervallo comprende lo zero"));
    assert!(!open.contains("Per ogni caso"));
}

#[test]
fn which_way_is_good_decides_the_verdict() {
    let rise = [0.061, 0.02, 0.102];
    let worse = said(rise, face(), Lang::En);
    assert!(worse.contains("make things worse"), "{worse}");
    let better = StudyFace {
        better: Better::Higher,
        ..face()
    };
    assert!(said(rise, better, Lang::En).contains("make things better"));
    let neither = StudyFace {
        better: Better::Neither,
        ..face()
    };
    assert!(said(rise, neither, Lang::En).contains("raise the outcome"));
}

#[test]
fn an_outcome_is_named_by_its_label_and_never_by_its_column() {
    let all = tables([-0.061, -0.102, -0.02], face());
    let study = Study::of(&all).unwrap();
    for (lang, label) in [
        (Lang::It, "sfratto entro due anni"),
        (Lang::En, "eviction within two years"),
    ] {
        for told in [text(&study, lang), page(&study, lang)] {
            assert!(told.contains(&format!("outcome: “{label}”")), "{told}");
            assert!(!told.contains("notice_24m"), "{told}");
        }
    }
}

#[test]
fn a_report_says_how_far_it_is_from_what_was_promised() {
    let told = |widened, false_alarms| {
        let power = face().power.map(|own| PowerFace {
            widened: Some(widened),
            false_alarms,
            ..own
        });
        let all = tables([-0.061, -0.102, -0.02], StudyFace { power, ..face() });
        let study = Study::of(&all).unwrap();
        [text(&study, Lang::It), text(&study, Lang::En)]
    };
    let [it, en] = told(2.8, Some(0.12));
    assert!(en.contains("Far from what was promised: the interval is 2.8 times as wide"));
    assert!(it.contains("Molto lontano da quanto promesso: l’intervallo è largo 2,8 volte"));
    // Five points promised, times 2.8.
    assert!(
        en.contains("from about 14.0\u{a0}percentage points on"),
        "{en}"
    );
    assert!(en.contains("would find one 12 times in a hundred, not 5"));
    let [_, en] = told(1.1, Some(0.06));
    assert!(en.contains("1.1 times as wide as promised") && !en.contains("Far from"));
    assert!(!en.contains("Without any effect"));
}

#[test]
fn what_rests_on_few_units_is_named() {
    let mut own = face();
    own.runs[1].few = vec![words("tre anni dopo", "three years after")];
    let all = tables([-0.061, -0.102, -0.02], own);
    let study = Study::of(&all).unwrap();
    let told = text(&study, Lang::En);
    assert!(
        told.contains(": these estimates rest on few units: three years after."),
        "{told}"
    );
    // Every run has the table; a reader is told once.
    let tables = "Tables with rows that rest on few units stay in the lab: Means in bins.";
    assert_eq!(told.matches(tables).count(), 1, "{told}");
}

#[test]
fn an_outcome_read_first_is_marked_everywhere() {
    let early = StudyFace {
        outcome_read_before: true,
        ..face()
    };
    let main = [-0.061, -0.102, -0.02];
    let all = tables(main, early);
    let study = Study::of(&all).unwrap();
    for (lang, mark) in [
        (Lang::It, "Esito letto prima della registrazione"),
        (Lang::En, "Outcome read before registration"),
    ] {
        assert!(text(&study, lang).contains(mark));
        assert!(page(&study, lang).contains(mark));
        assert!(
            sheet(&study, "Prova", lang)
                .unwrap()
                .starts_with(b"%PDF-1.7")
        );
    }
}

#[test]
fn a_hidden_answer_shows_no_number() {
    let mut all = tables(
        [-0.061, -0.102, -0.02],
        StudyFace {
            cost: None,
            power: None,
            ..face()
        },
    );
    for table in &mut all {
        for cell in &mut table.cells {
            *cell = Cell {
                estimate: None,
                n: None,
                status: Status::SuppressedPrimary,
                ..cell.clone()
            };
        }
    }
    let study = Study::of(&all).unwrap();
    let told = text(&study, Lang::It);
    assert!(
        told.contains("non si pubblica: poggia su troppo pochi casi"),
        "{told}"
    );
    for number in ["6,1", "10,2", "0,012", "400"] {
        assert!(!told.contains(number), "{number}: {told}");
    }
    assert!(!page(&study, Lang::It).contains("<svg"));
    assert!(sheet(&study, "Prova", Lang::It).is_ok());
}

#[test]
fn words_of_a_study_are_never_markup() {
    let all = tables([-0.061, -0.102, -0.02], face());
    let study = Study::of(&all).unwrap();
    let html = page(&study, Lang::It);
    assert!(
        !html.contains("<b>evita</b>") && html.contains("&#60;b&#62;evita"),
        "{html}"
    );
    let paper = sheet(&study, "Prova", Lang::It).unwrap();
    assert_eq!(paper, sheet(&study, "Prova", Lang::It).unwrap());
}

/// Every page of a theme, one after the other.
fn all_themes(site: &Site) -> String {
    let pages = site.files().iter();
    let of_themes = pages.filter(|(path, _)| path.starts_with("it/temi/"));
    of_themes
        .map(|(_, bytes)| std::str::from_utf8(bytes).unwrap())
        .collect()
}

#[test]
fn a_site_has_a_page_a_sheet_and_files_for_each_study() {
    let all = tables([-0.061, -0.102, -0.02], face());
    let drafts = all.into_iter().map(|table| vec![Draft(table)]).collect();
    let known = released(drafts, true);
    let site = Site::make(&known.input()).unwrap();
    let file = |path: &str| {
        let bytes = site.files().get(path);
        bytes.unwrap_or_else(|| panic!("{path} in {:?}", site.files().keys()))
    };
    for (path, notice) in [
        ("it/valutazioni/call.html", &SYNTHETIC_NOTICE.it),
        ("en/evaluations/call.html", &SYNTHETIC_NOTICE.en),
    ] {
        let html = std::str::from_utf8(file(path)).unwrap();
        assert!(html.contains(&**notice));
        assert!(html.contains("sheets/call."));
        assert!(
            html.contains("data/study-call-effects/run-figure."),
            "{html}"
        );
        assert!(html.contains("<svg"));
    }
    let list = std::str::from_utf8(file("it/valutazioni.html")).unwrap();
    assert!(list.contains("valutazioni/call.html"));
    // Its theme and the catalogue lead to it, the catalogue with its files.
    let theme = all_themes(&site);
    assert!(theme.contains("valutazioni/call.html"), "{theme}");
    let data = std::str::from_utf8(file("it/dati.html")).unwrap();
    assert!(data.contains("valutazioni/call.html"));
    assert!(data.contains("data/study-call-effects/run-figure.csv"));
    let home = std::str::from_utf8(file("it/index.html")).unwrap();
    assert!(home.contains("valutazioni.html"), "the menu leads to it");
    for path in [
        "sheets/call.it.pdf",
        "sheets/call.en.pdf",
        "data/study-call-effects/run-figure.csv",
        "data/study-call-effects/run-figure.it.svg",
        "data/study-call-effects/run-figure.rules.json",
        "data/study-call-sample/step-arm.csv",
    ] {
        file(path);
    }
    // No table of it passes for an indicator.
    assert!(
        !site
            .files()
            .keys()
            .any(|path| path.contains("indicatori/study"))
    );
}
