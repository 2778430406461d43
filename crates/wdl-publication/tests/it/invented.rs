//! An invented city: tables of a dozen indicators, a ledger, the lab's texts. No number here describes anybody.

use wdl_publication::{PublicationFile, SourceFace};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Input, Lineage, ObservableFrom, Status,
    Table, Unit,
};
use wdl_vocab::{BodyId, DatasetId, Digest, IndicatorId, Period, SnapshotId, Text};

/// An indicator before its tables are filled.
pub(crate) struct Kind {
    id: &'static str,
    theme: &'static str,
    title: Text,
    definition: Text,
    unit: Unit,
    decimals: u8,
    additivity: Additivity,
    is_yearly: bool,
    has_error: bool,
    /// The value of the whole city in the first period, and its growth over all periods.
    level: (f64, f64),
    /// Units of the whole city.
    base: u64,
    by: &'static [&'static [&'static str]],
}

/// The indicators of the sample.
pub(crate) fn kinds() -> Vec<Kind> {
    let text = Text::fixed;
    vec![
        Kind {
            id: "residents",
            theme: "popolazione",
            title: text("Residenti", "Residents"),
            definition: text(
                "Persone iscritte all’anagrafe l’ultimo giorno del trimestre.",
                "Persons in the registry on the last day of the quarter.",
            ),
            unit: Unit::Persons,
            decimals: 0,
            additivity: Additivity::Count,
            is_yearly: false,
            has_error: false,
            level: (184_000.0, 0.01),
            base: 184_000,
            by: &[&[], &["quartiere"], &["citizenship_group"]],
        },
        Kind {
            id: "households",
            theme: "popolazione",
            title: text("Famiglie anagrafiche", "Registry households"),
            definition: text(
                "Famiglie anagrafiche l’ultimo giorno del trimestre, senza le convivenze.",
                "Registry households on the last day of the quarter, without institutions.",
            ),
            unit: Unit::Households,
            decimals: 0,
            additivity: Additivity::Count,
            is_yearly: false,
            has_error: false,
            level: (83_100.0, 0.03),
            base: 83_100,
            by: &[&[], &["family_type"]],
        },
        Kind {
            id: "arpr",
            theme: "poverta",
            title: text("Persone a rischio di povertà", "Persons at risk of poverty"),
            definition: text(
                "Quota di persone in famiglie con un reddito imponibile equivalente sotto il 60% di quello mediano della città.",
                "Share of persons in households with an equivalised taxable income below 60% of the city’s median.",
            ),
            unit: Unit::Share,
            decimals: 1,
            additivity: Additivity::Share,
            is_yearly: true,
            has_error: true,
            level: (0.171, 0.06),
            base: 161_000,
            by: &[
                &[],
                &["quartiere"],
                &["citizenship_group"],
                &["family_type"],
                &["quartiere", "citizenship_group"],
            ],
        },
        Kind {
            id: "gini",
            theme: "poverta",
            title: text(
                "Disuguaglianza dei redditi (Gini)",
                "Income inequality (Gini)",
            ),
            definition: text(
                "Indice di Gini del reddito imponibile equivalente: 0 se tutti hanno lo stesso, 1 se uno ha tutto.",
                "Gini index of equivalised taxable income: 0 when all have the same, 1 when one has everything.",
            ),
            unit: Unit::Ratio,
            decimals: 3,
            additivity: Additivity::None,
            is_yearly: true,
            has_error: true,
            level: (0.372, 0.03),
            base: 161_000,
            by: &[&[]],
        },
        Kind {
            id: "rent_burden_40",
            theme: "casa",
            title: text(
                "Famiglie con l’affitto oltre il 40% del reddito",
                "Households with rent over 40% of income",
            ),
            definition: text(
                "Quota di famiglie in affitto che spendono per il canone oltre il 40% del reddito imponibile.",
                "Share of renting households that spend over 40% of their taxable income on rent.",
            ),
            unit: Unit::Share,
            decimals: 1,
            additivity: Additivity::Share,
            is_yearly: true,
            has_error: true,
            level: (0.241, 0.21),
            base: 19_500,
            by: &[
                &[],
                &["quartiere"],
                &["family_type"],
                &["quartiere", "family_type"],
            ],
        },
        Kind {
            id: "erp_waiting",
            theme: "casa",
            title: text(
                "Domande in attesa di una casa popolare",
                "Applications waiting for public housing",
            ),
            definition: text(
                "Domande nella graduatoria ERP l’ultimo giorno del trimestre.",
                "Applications on the ERP list on the last day of the quarter.",
            ),
            unit: Unit::Acts,
            decimals: 0,
            additivity: Additivity::Count,
            is_yearly: false,
            has_error: false,
            level: (870.0, 0.32),
            base: 870,
            by: &[&[], &["quartiere"]],
        },
        Kind {
            id: "evictions",
            theme: "casa",
            title: text("Provvedimenti di sfratto", "Eviction notices"),
            definition: text(
                "Provvedimenti emessi, richieste di esecuzione ed esecuzioni avvenute nel trimestre.",
                "Notices issued, enforcements requested and carried out in the quarter.",
            ),
            unit: Unit::Acts,
            decimals: 0,
            additivity: Additivity::Count,
            is_yearly: false,
            has_error: false,
            level: (96.0, -0.12),
            base: 96,
            by: &[&[], &["kind"], &["quartiere"], &["kind", "quartiere"]],
        },
        Kind {
            id: "good_health",
            theme: "salute",
            title: text("Chi dice di stare bene", "Good health as people state it"),
            definition: text(
                "Quota di intervistati che giudica buona la propria salute.",
                "Share of people interviewed who call their health good.",
            ),
            unit: Unit::Share,
            decimals: 1,
            additivity: Additivity::None,
            is_yearly: true,
            has_error: true,
            level: (0.68, 0.03),
            base: 4_400,
            by: &[&["difficulty"]],
        },
        Kind {
            id: "aided_households",
            theme: "aiuti",
            title: text("Famiglie aiutate", "Aided households"),
            definition: text(
                "Famiglie che hanno ricevuto almeno un aiuto nell’anno.",
                "Households that received at least one aid in the year.",
            ),
            unit: Unit::Households,
            decimals: 0,
            additivity: Additivity::Count,
            is_yearly: true,
            has_error: false,
            level: (1_150.0, 0.4),
            base: 1_150,
            by: &[&[], &["measure"]],
        },
        Kind {
            id: "aid_spending",
            theme: "aiuti",
            title: text("Spesa per aiuti economici", "Spending on economic aid"),
            definition: text(
                "Somma degli importi erogati nell’anno.",
                "Sum of the amounts paid in the year.",
            ),
            unit: Unit::Euro,
            decimals: 0,
            additivity: Additivity::Sum,
            is_yearly: true,
            has_error: false,
            level: (1_320_000.0, 0.5),
            base: 1_150,
            by: &[&[], &["measure"], &["measure", "quartiere"]],
        },
    ]
}

/// The datasets of the sample, as contracts would name them.
pub(crate) fn sources() -> Vec<SourceFace> {
    let named = [
        ("residenti", Text::fixed("Anagrafe", "Registry")),
        (
            "isee",
            Text::fixed("Dichiarazioni ISEE", "ISEE declarations"),
        ),
    ];
    named
        .into_iter()
        .map(|(dataset, title)| SourceFace {
            body: BodyId::parse("comune").unwrap(),
            dataset: DatasetId::parse(dataset).unwrap(),
            title,
        })
        .collect()
}

fn dimension(id: &str) -> Dimension {
    let (label, categories): (Text, &[(&str, &str, &str)]) = match id {
        "quartiere" => (
            Text::fixed("Quartiere", "District"),
            &[
                (
                    "Q1",
                    "Centro storico e San Cataldo",
                    "Centro storico and San Cataldo",
                ),
                (
                    "Q2",
                    "Crocetta, San Lazzaro, Modena Est",
                    "Crocetta, San Lazzaro, Modena Est",
                ),
                (
                    "Q3",
                    "Buon Pastore, Sant’Agnese, San Damaso",
                    "Buon Pastore, Sant’Agnese, San Damaso",
                ),
                (
                    "Q4",
                    "Madonnina, San Faustino, Quattro Ville",
                    "Madonnina, San Faustino, Quattro Ville",
                ),
            ],
        ),
        "citizenship_group" => (
            Text::fixed("Cittadinanza", "Citizenship"),
            &[
                ("italiana", "Italiana", "Italian"),
                ("ue", "Altro Paese UE", "Other EU country"),
                ("non_ue", "Paese non UE", "Non-EU country"),
            ],
        ),
        "family_type" => (
            Text::fixed("Tipo di famiglia", "Family type"),
            &[
                (
                    "sola_under65",
                    "Persona sola sotto i 65 anni",
                    "Living alone, under 65",
                ),
                (
                    "sola_65plus",
                    "Persona sola di 65 anni e più",
                    "Living alone, 65 and over",
                ),
                (
                    "coppia_senza_figli",
                    "Coppia senza figli",
                    "Couple without children",
                ),
                (
                    "coppia_con_figli",
                    "Coppia con figli",
                    "Couple with children",
                ),
                ("monogenitore", "Un solo genitore", "Single parent"),
                ("altro", "Altro", "Other"),
            ],
        ),
        "difficulty" => (
            Text::fixed("Difficoltà economiche", "Economic difficulty"),
            &[
                ("molte", "Molte", "Many"),
                ("qualche", "Qualche", "Some"),
                ("nessuna", "Nessuna", "None"),
            ],
        ),
        "kind" => (
            Text::fixed("Fase", "Stage"),
            &[
                ("emesso", "Emesso", "Issued"),
                ("richiesto", "Esecuzione richiesta", "Enforcement requested"),
                ("eseguito", "Eseguito", "Carried out"),
            ],
        ),
        _ => (
            Text::fixed("Misura", "Measure"),
            &[
                (
                    "contributo_economico",
                    "Contributo economico",
                    "Economic contribution",
                ),
                ("buoni_spesa", "Buoni spesa", "Food vouchers"),
                ("utenze", "Utenze", "Utility bills"),
                (
                    "assegno_inclusione",
                    "Assegno di inclusione",
                    "Assegno di inclusione",
                ),
            ],
        ),
    };
    let categories = categories.iter().map(|(id, it, en)| Category {
        id: (*id).to_owned(),
        label: Text::new(*it, *en),
    });
    Dimension {
        id: id.to_owned(),
        label,
        categories: categories.collect(),
    }
}

fn header(kind: &Kind, synthetic: bool) -> Header {
    Header {
        indicator: IndicatorId::parse(kind.id).unwrap(),
        theme: kind.theme.to_owned(),
        title: kind.title.clone(),
        definition: kind.definition.clone(),
        source: Text::fixed(
            "Regolamento (UE) 2019/1700; definizioni del laboratorio",
            "Regulation (EU) 2019/1700; definitions of the lab",
        ),
        unit: kind.unit,
        decimals: kind.decimals,
        interval: wdl_result::Interval::Plain,
        additivity: kind.additivity,
        population: match kind.is_yearly {
            true => Text::fixed(
                "persone in famiglie con almeno un dichiarante, al 31 dicembre",
                "persons in households with at least one filer, on 31 December",
            ),
            false => Text::fixed(
                "iscritti all’anagrafe del Comune",
                "people in the registry of the municipality",
            ),
        },
        n_label: Text::fixed("Casi osservati", "Cases observed"),
        statistic: format!("{}/1", kind.id),
        observable_from: ObservableFrom::Register,
        uncertainty: match kind.has_error {
            true => Text::fixed(
                "Errore standard linearizzato, come se la città fosse un campione di molte città possibili con le stesse caratteristiche.",
                "Linearised standard error, as if the city were a sample of the many possible cities with the same characteristics.",
            ),
            false => Text::fixed(
                "È un conteggio completo: non c’è errore di campionamento. Restano le persone non collegate e le correzioni successive.",
                "It is a complete count: there is no sampling error. People not linked and later corrections remain.",
            ),
        },
        coverage: Text::fixed(
            "Chi non presenta una dichiarazione dei redditi non si vede; gli aiuti esenti da imposta non sono compresi.",
            "Whoever files no tax return is not seen; aid exempt from tax is not included.",
        ),
        synthetic,
        data_date: "2026-11-05".to_owned(),
        lineage: Lineage {
            snapshot: SnapshotId::parse("s-4f0c91b2a7d3").unwrap(),
            definition: Digest::of(kind.id.as_bytes()),
            code_version: "0.1.0".to_owned(),
            inputs: vec![
                Input {
                    table: "base.household_year".to_owned(),
                    digest: Digest::of(b"h"),
                    deliveries: vec!["d-residenti".to_owned(), "d-isee".to_owned()],
                },
                Input {
                    table: "base.person_period".to_owned(),
                    digest: Digest::of(b"p"),
                    deliveries: vec!["d-residenti".to_owned()],
                },
            ],
        },
        protection: None,
        study: None,
    }
}

fn periods(kind: &Kind) -> Vec<Period> {
    if kind.is_yearly {
        return (2017..=2024).map(Period::Year).collect();
    }
    let first = Period::quarter(2017, 1);
    std::iter::successors(Some(first), |period| Some(period.next()))
        .take(39)
        .collect()
}

/// Parts of the whole that differ from each other and sum to one.
fn parts(count: usize, salt: usize) -> Vec<f64> {
    let weights: Vec<f64> = (0..count)
        .map(|place| 0.42_f64.powi(((place + salt) % count) as i32))
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Every draft of one indicator; small cells still show what they hold.
pub(crate) fn drafts(kind: &Kind, synthetic: bool) -> Vec<Draft<Table>> {
    kind.by
        .iter()
        .map(|by| Draft(draft(kind, by, synthetic)))
        .collect()
}

/// The dimensions of an indicator, over all its tables.
fn crossed(kind: &Kind) -> Vec<&'static str> {
    let mut ids: Vec<&str> = kind.by.iter().flat_map(|by| by.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn draft(kind: &Kind, by: &[&str], synthetic: bool) -> Table {
    let every: Vec<Dimension> = crossed(kind).iter().map(|id| dimension(id)).collect();
    let dimensions: Vec<Dimension> = by.iter().map(|id| dimension(id)).collect();
    let mut cells = Vec::new();
    let all = periods(kind);
    for (step, period) in all.iter().enumerate() {
        let growth = 1.0 + kind.level.1 * step as f64 / (all.len() - 1) as f64;
        let wave = 1.0 + 0.012 * (step as f64 * 0.7).sin();
        // Counts are whole at the finest cells, which every table of the indicator adds up.
        let finest = finest(kind, &every, growth * wave);
        // The sample's survey gives no total, as some surveys do.
        let has_total = kind.id != "good_health";
        let all_keys = keys_of(&dimensions).into_iter();
        for keys in all_keys.filter(|keys| has_total || keys.iter().all(Option::is_some)) {
            let wanted: Vec<Option<String>> = every
                .iter()
                .map(|dimension| {
                    let place = by.iter().position(|id| *id == dimension.id)?;
                    keys[place].clone()
                })
                .collect();
            let mut made = cell(kind, *period, &wanted, &finest);
            made.keys = keys;
            cells.push(made);
        }
    }
    Table {
        header: header(kind, synthetic),
        dimensions,
        cells,
    }
}

/// A finest cell: its keys, units, units with the property, amount.
struct Fine {
    keys: Vec<String>,
    n: u64,
    n_with: u64,
    amount: f64,
}

fn finest(kind: &Kind, dimensions: &[Dimension], growth: f64) -> Vec<Fine> {
    let mut fine = vec![(Vec::new(), 1.0, 1.0)];
    for (salt, dimension) in dimensions.iter().enumerate() {
        let shares = &parts(dimension.categories.len(), salt + 1);
        fine = fine
            .iter()
            .flat_map(|(keys, part, risk): &(Vec<String>, f64, f64)| {
                dimension
                    .categories
                    .iter()
                    .enumerate()
                    .map(move |(place, category)| {
                        let mut longer = keys.clone();
                        longer.push(category.id.clone());
                        (
                            longer,
                            part * shares[place],
                            risk * (0.7 + 0.25 * place as f64),
                        )
                    })
            })
            .collect();
    }
    let mean: f64 = fine.iter().map(|(_, part, risk)| part * risk).sum();
    fine.into_iter()
        .map(|(keys, part, risk)| {
            let risk = risk / mean;
            let base = match kind.additivity {
                Additivity::Count => kind.level.0 * growth,
                Additivity::Share | Additivity::Sum | Additivity::None => kind.base as f64,
            };
            let n = (base * part).round() as u64;
            let n_with = (n as f64 * (kind.level.0 * growth * risk).min(0.9)).round() as u64;
            Fine {
                keys,
                n,
                n_with: if kind.additivity == Additivity::Share {
                    n_with
                } else {
                    0
                },
                amount: (kind.level.0 * growth * part * 100.0).round() / 100.0,
            }
        })
        .collect()
}

fn keys_of(dimensions: &[Dimension]) -> Vec<Vec<Option<String>>> {
    let mut keys: Vec<Vec<Option<String>>> = vec![Vec::new()];
    for dimension in dimensions {
        keys = keys
            .iter()
            .flat_map(|before| {
                let total = std::iter::once(None);
                total
                    .chain(
                        dimension
                            .categories
                            .iter()
                            .map(|each| Some(each.id.clone())),
                    )
                    .map(|key| {
                        let mut longer = before.clone();
                        longer.push(key);
                        longer
                    })
            })
            .collect();
    }
    keys
}

fn cell(kind: &Kind, period: Period, keys: &[Option<String>], finest: &[Fine]) -> Cell {
    let is_in = |fine: &&Fine| {
        fine.keys
            .iter()
            .zip(keys)
            .all(|(have, want)| want.as_ref().is_none_or(|want| want == have))
    };
    let (mut n, mut n_with, mut amount) = (0, 0, 0.0);
    for fine in finest.iter().filter(is_in) {
        n += fine.n;
        n_with += fine.n_with;
        amount += fine.amount;
    }
    let estimate = match kind.additivity {
        Additivity::Count => n as f64,
        Additivity::Share => n_with as f64 / n as f64,
        Additivity::Sum => amount,
        Additivity::None => kind.level.0 * (1.0 - 0.04 * (n as f64).ln() / 10.0),
    };
    let is_missing = kind.id == "aided_households" && period == Period::Year(2018);
    Cell {
        period,
        keys: keys.to_vec(),
        estimate: (!is_missing).then_some(estimate),
        standard_error: kind
            .has_error
            .then(|| 0.35 * estimate / (n as f64).sqrt() * 3.0),
        n: (!is_missing).then_some(n),
        n_with: (kind.additivity == Additivity::Share && !is_missing).then_some(n_with),
        coverage: kind.has_error.then_some(0.87),
        status: if is_missing {
            Status::NotCollected
        } else {
            Status::Value
        },
    }
}

/// The areas of the repository's lab: the invented city has the same codes of quartieri.
pub(crate) fn areas() -> Vec<PublicationFile> {
    vec![PublicationFile {
        name: "rioni.geojson".to_owned(),
        text: include_str!("../../../../labs/modena/geo/rioni.geojson").to_owned(),
    }]
}

pub(crate) fn publications() -> Vec<PublicationFile> {
    let file = |name: &str, text: &str| PublicationFile {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    vec![
        file(
            "casa.it.md",
            "---\ntitle: Casa\nkind: theme\nsummary: L’affitto pesa oltre il 40% del reddito per {{value rent_burden_40}} delle famiglie in affitto; {{value erp_waiting}} domande aspettano una casa popolare.\n---\n\nQuanto pesa l’affitto dipende da **quando** si è firmato il contratto.\n",
        ),
        file(
            "casa.en.md",
            "---\ntitle: Housing\nkind: theme\nsummary: Rent weighs over 40% of income for {{value rent_burden_40}} of renting households; {{value erp_waiting}} applications wait for public housing.\n---\n\nHow much rent weighs depends on **when** the contract was signed.\n",
        ),
        file(
            "chi-rischia.it.md",
            "---\ntitle: Chi rischia di perdere la casa\nkind: article\nsummary: Nel {{period evictions}} ci sono stati {{value evictions}} provvedimenti.\n---\n\n## Gli sfratti\n\n{{finding evictions}}\n\n{{chart evictions by=kind}}\n\nNel quartiere Q1 erano {{value evictions by=quartiere where=Q1 period=2025-Q1}}. Vedi {{link erp_waiting}}.\n\n{{table evictions by=kind-quartiere}}\n\n> {{change arpr}} Sono {{value arpr as=one-in}} persone.\n\nIl contributo affitto: {{value rent_support}}.\n",
        ),
        file(
            "chi-rischia.en.md",
            "---\ntitle: Who risks losing their home\nkind: article\nsummary: In {{period evictions}} there were {{value evictions}} notices.\n---\n\n## Evictions\n\n{{finding evictions}}\n\n{{chart evictions by=kind}}\n\nIn district Q1 they were {{value evictions by=quartiere where=Q1 period=2025-Q1}}. See {{link erp_waiting}}.\n\n{{table evictions by=kind-quartiere}}\n\n> {{change arpr}} That is {{value arpr as=one-in}} persons.\n\nRent support: {{value rent_support}}.\n",
        ),
    ]
}

/// Every indicator of the sample, and one that was never released.
pub(crate) fn defined() -> Vec<IndicatorId> {
    let ids = kinds().into_iter().map(|kind| kind.id);
    ids.chain(["rent_support"])
        .map(|id| IndicatorId::parse(id).unwrap())
        .collect()
}

/// How many tables the sample has.
pub(crate) fn tables() -> usize {
    kinds().iter().map(|kind| kind.by.len()).sum()
}

/// Twenty indicators with four tables of 39 quarters and 20 categories.
pub(crate) fn large() -> Vec<Vec<Draft<Table>>> {
    (0..20)
        .map(|place| large_indicator(&format!("large_{place}")))
        .collect()
}

fn large_indicator(id: &str) -> Vec<Draft<Table>> {
    let kinds = kinds();
    let kind = kinds.iter().find(|kind| kind.id == "residents").unwrap();
    let table = |by: &str| {
        let categories = (0..20).map(|place| Category {
            id: format!("c{place}"),
            label: Text::new(format!("Categoria {place}"), format!("Category {place}")),
        });
        let dimension = Dimension {
            id: by.to_owned(),
            label: Text::new(by, by),
            categories: categories.collect(),
        };
        let mut cells = Vec::new();
        for (step, period) in periods(kind).into_iter().enumerate() {
            let n = |place: usize| 1_000 + (place * 37 + step * 11) as u64;
            let whole: u64 = (0..20).map(n).sum();
            let keys = std::iter::once((None, whole))
                .chain((0..20).map(|place| (Some(format!("c{place}")), n(place))));
            cells.extend(keys.map(|(key, n)| Cell {
                period,
                keys: vec![key],
                estimate: Some(n as f64),
                standard_error: None,
                n: Some(n),
                n_with: None,
                coverage: None,
                status: Status::Value,
            }));
        }
        let mut header = header(kind, true);
        header.indicator = IndicatorId::parse(id).unwrap();
        Draft(Table {
            header,
            dimensions: vec![dimension],
            cells,
        })
    };
    ["a", "b", "c", "d"].map(table).into()
}
