//! The page: a summary in plain words, then each picture with its table.

use askama::Template;
use wdl_chart::linkage::{
    Blocking, Chances, CutChooser, MatchWeights, Origin, Picture, Place, Unlinkables,
    WeightHistogram, cut_chance, signed,
};
use wdl_chart::{Column, DataCell, DataTable, Gaps, Row, Scope, Width};
use wdl_linkage::quality::NameRates;
use wdl_vocab::Lang;

use super::facts::{Facts, Why};
use super::points::points;
use super::words::{about, count, form, known, percent, round_percent, say, tell};

#[derive(Template)]
#[template(path = "link-report.html")]
struct Document<'a> {
    page: &'a Page,
}

const STYLE: &str = include_str!("../../../../templates/link-report.css");

/// The whole page, ready to be written out.
struct Page {
    lang: Lang,
    title: String,
    style: &'static str,
    lead: Vec<String>,
    tiles: Vec<Tile>,
    points: Vec<Point>,
    sections: Vec<Section>,
}

impl Page {
    fn say(&self, key: &str) -> String {
        say(self.lang, key)
    }
}

/// A number large enough to be seen first.
struct Tile {
    value: String,
    words: String,
}

/// Something to look at, and where.
pub(super) struct Point {
    pub(super) words: String,
    /// The id of a section.
    pub(super) to: Option<&'static str>,
    /// The section's title.
    pub(super) of: String,
}

struct Section {
    id: &'static str,
    title: String,
    blocks: Vec<Block>,
}

enum Block {
    Words(String),
    Steps(Vec<String>),
    Command(String),
    Code(String),
    Table(&'static str, DataTable),
    Figure(Figure),
}

/// A picture in both widths and its table.
struct Figure {
    id: String,
    title: String,
    wide: String,
    narrow: String,
    words: String,
    table: DataTable,
}

/// The page of a run in one language.
pub(super) fn page(facts: &Facts, lang: Lang) -> String {
    let page = Page {
        lang,
        title: title(facts, lang),
        style: STYLE,
        lead: lead(facts, lang),
        tiles: tiles(facts, lang),
        points: points(facts, lang),
        sections: sections(facts, lang),
    };
    Document { page: &page }
        .render()
        .expect("writing to a text does not fail")
}

/// `zero`, `one` or `other`.
fn form0(count: u64) -> String {
    match count {
        0 => "zero".to_owned(),
        more => form(more),
    }
}

fn title(facts: &Facts, lang: Lang) -> String {
    let name = |place: usize| {
        let source = facts.sources.get(place);
        source.map_or(String::new(), |(name, _)| name.clone())
    };
    let key = match facts.sources.len() {
        1 => "title-dedupe",
        2 => "title-link",
        _ => "title-many",
    };
    let args = [
        ("links", form0(facts.links)),
        ("count", count(facts.links, lang)),
        ("a", name(0)),
        ("b", name(1)),
        ("sources", facts.sources.len().to_string()),
    ];
    tell(lang, key, &args)
}

fn lead(facts: &Facts, lang: Lang) -> Vec<String> {
    let sources: Vec<String> = facts
        .sources
        .iter()
        .map(|(name, records)| {
            let args = [
                ("name", name.clone()),
                ("form", form(*records)),
                ("count", count(*records, lang)),
            ];
            tell(lang, "source-records", &args)
        })
        .collect();
    let (clusters, records) = facts.in_clusters();
    let args = [
        ("sources", listed(&sources, lang)),
        ("form", form0(clusters)),
        ("clusters", count(clusters, lang)),
        ("records", count(records, lang)),
    ];
    let mut words = vec![tell(lang, "lead-records", &args)];
    let estimated = facts.estimated;
    if let Some(precision) = estimated.precision {
        let right = facts.links as f64 * precision;
        let args = [
            ("precision", percent(precision, lang)),
            ("recall", known(estimated.recall, lang)),
            ("wrong", about(facts.links as f64 - right, lang)),
            ("lost", about(estimated.matches - right, lang)),
        ];
        words.push(tell(lang, "lead-sure", &args));
    }
    if let Some(measured) = facts.measured {
        let args = [
            ("pairs", count(measured.pairs, lang)),
            ("precision", known(measured.precision, lang)),
            ("recall", known(measured.recall, lang)),
        ];
        words.push(tell(lang, "lead-measured", &args));
    }
    words
}

/// Names one after another, the last after "and".
fn listed(names: &[String], lang: Lang) -> String {
    let and = match lang {
        Lang::It => " e ",
        Lang::En => " and ",
    };
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{}{and}{last}", most.join(", ")),
    }
}

fn tiles(facts: &Facts, lang: Lang) -> Vec<Tile> {
    let tile = |value: String, key: &str| Tile {
        value,
        words: say(lang, key),
    };
    let mut tiles = vec![
        tile(count(facts.records(), lang), "tile-records"),
        tile(count(facts.links, lang), "tile-links"),
    ];
    if facts.links > 0 {
        let estimated = facts.estimated;
        tiles.push(tile(known(estimated.precision, lang), "tile-precision"));
        tiles.push(tile(known(estimated.recall, lang), "tile-recall"));
    }
    tiles
}

fn sections(facts: &Facts, lang: Lang) -> Vec<Section> {
    let section = |id: &'static str, blocks: Vec<Block>| Section {
        id,
        title: say(lang, &format!("section-{id}")),
        blocks,
    };
    let mut sections = vec![
        section("trust", trust(facts, lang)),
        section("weights", weights(facts, lang)),
        section("fields", fields(facts, lang)),
        section("blocking", blocking(facts, lang)),
    ];
    if !facts.selves.is_empty() && facts.has_matches() {
        sections.push(section("unlinkable", unlinkable(facts, lang)));
    }
    sections.push(section("clusters", clusters(facts, lang)));
    if !facts.examples.is_empty() {
        sections.push(section("examples", examples(facts, lang)));
    }
    sections.push(section("review", review(lang)));
    sections.push(section("model", model(facts, lang)));
    sections
}

fn figure(id: &str, title: String, picture: &dyn Picture, lang: Lang) -> Block {
    let draw = |width: Width, side: &str| {
        let id = format!("{id}-{side}");
        let place = Place {
            id: &id,
            title: &title,
            width,
            origin: Origin::Unsaid,
        };
        picture.draw(&place, lang)
    };
    let wide = draw(Width::Wide, "wide");
    // Tables of one kind of picture are told apart by their captions.
    let mut table = picture.table(lang);
    table.caption = format!("{title}. {}", table.caption);
    Block::Figure(Figure {
        id: id.to_owned(),
        narrow: draw(Width::Narrow, "narrow").svg,
        wide: wide.svg,
        words: wide.alt,
        table,
        title,
    })
}

/// A table of the page's own: its caption, the head of its row heads, its columns, all of numbers.
fn table(caption: String, corner: String, columns: &[String]) -> DataTable {
    let column = |text: &String| Column {
        text: text.clone(),
        scope: Scope::Column,
        is_number: true,
    };
    DataTable {
        caption,
        corner,
        columns: columns.iter().map(column).collect(),
        rows: Vec::new(),
        gaps: Gaps::new(),
    }
}

fn push(table: &mut DataTable, head: String, cells: Vec<String>) {
    let cell = |text: String| DataCell { text, gap: None };
    table.rows.push(Row {
        head,
        scope: Scope::Row,
        is_total: false,
        cells: cells.into_iter().map(cell).collect(),
    });
}

fn trust(facts: &Facts, lang: Lang) -> Vec<Block> {
    let estimated = facts.estimated;
    let weight = facts.cut_weight();
    let args = [
        ("cut", round_percent(facts.cut, lang)),
        ("weight", signed(weight, lang)),
    ];
    let mut blocks = vec![
        Block::Words(tell(lang, "trust-words", &args)),
        Block::Table("trust-table", trust_table(facts, lang)),
    ];
    if !facts.groups.is_empty() {
        blocks.push(Block::Table("groups-table", groups(facts, lang)));
    }
    if !facts.has_matches() {
        return blocks;
    }
    let chooser = CutChooser::estimated(&facts.bins, estimated.blocking_recall, weight);
    let title = cut_title(&chooser, weight, lang);
    blocks.push(Block::Words(say(lang, "cut-words")));
    blocks.push(figure("cut", title, &chooser, lang));
    blocks
}

fn cut_title(chooser: &CutChooser, weight: f64, lang: Lang) -> String {
    /// A difference of F1 that is not worth another cut.
    const LITTLE: f64 = 0.001;
    match (chooser.best(), chooser.chosen()) {
        (Some(best), Some(chosen)) if best.f1() - chosen.f1() > LITTLE => {
            let args = [
                ("cut", cut_chance(weight, lang)),
                ("best", cut_chance(best.weight, lang)),
            ];
            tell(lang, "cut-title", &args)
        }
        _ => say(lang, "cut-title-good"),
    }
}

fn trust_table(facts: &Facts, lang: Lang) -> DataTable {
    let (estimated, measured) = (facts.estimated, facts.measured);
    let mut columns = vec![say(lang, "trust-estimated")];
    if measured.is_some() {
        columns.push(say(lang, "trust-measured"));
    }
    let mut made = table(
        say(lang, "trust-caption"),
        say(lang, "trust-corner"),
        &columns,
    );
    let both = estimated.precision.zip(estimated.recall);
    let f1 = both.map(|(precision, recall)| harmonic(precision, recall));
    let none = || String::from("–");
    let shown = |part: Option<f64>| known(part, lang);
    for (key, estimate, measure) in [
        (
            "trust-precision",
            shown(estimated.precision),
            measured.map(|m| known(m.precision, lang)),
        ),
        (
            "trust-recall",
            shown(estimated.recall),
            measured.map(|m| known(m.recall, lang)),
        ),
        ("trust-f1", shown(f1), measured.map(|m| known(m.f1, lang))),
        (
            "trust-compared",
            shown(Some(estimated.blocking_recall)),
            measured.map(|_| none()),
        ),
        (
            "trust-matches",
            lang.number(estimated.matches, 0),
            measured.map(|m| count(m.pairs, lang)),
        ),
    ] {
        let cells = std::iter::once(estimate).chain(measure).collect();
        push(&mut made, say(lang, key), cells);
    }
    made
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    match precision + recall > 0.0 {
        true => 2.0 * precision * recall / (precision + recall),
        false => 0.0,
    }
}

fn groups(facts: &Facts, lang: Lang) -> DataTable {
    let columns = [
        "groups-records",
        "groups-linked",
        "groups-precision",
        "groups-recall",
        "groups-unlinkable",
    ];
    let columns = columns.map(|key| say(lang, key));
    let mut made = table(
        say(lang, "groups-caption"),
        say(lang, "groups-corner"),
        &columns,
    );
    for group in &facts.groups {
        let cells = vec![
            count(group.records, lang),
            count(group.linked, lang),
            known(group.precision, lang),
            known(group.recall, lang),
            known(group.unlinkable, lang),
        ];
        push(&mut made, group.label.get(lang).to_owned(), cells);
    }
    made
}

fn weights(facts: &Facts, lang: Lang) -> Vec<Block> {
    let picture = WeightHistogram {
        bins: facts.bins.clone(),
        cut: facts.cut_weight(),
    };
    let args = [
        ("form", form0(facts.unsure)),
        ("count", count(facts.unsure, lang)),
        ("pairs", count(facts.compared(), lang)),
    ];
    let title = tell(lang, "weights-title", &args);
    vec![
        Block::Words(say(lang, "weights-words")),
        figure("histogram", title, &picture, lang),
    ]
}

fn fields(facts: &Facts, lang: Lang) -> Vec<Block> {
    let weights = MatchWeights {
        prior: facts.prior,
        fields: facts.fields.iter().chain(&facts.crossed).cloned().collect(),
    };
    let commonest = facts
        .fields
        .iter()
        .filter_map(|field| Some((field, field.levels.first()?.u)))
        .min_by(|a, b| b.1.total_cmp(&a.1));
    let (Some(strongest), Some((commonest, _))) = (weights.strongest(), commonest) else {
        return vec![Block::Words(say(lang, "fields-title-none"))];
    };
    let name = |key: &str, field: &str| tell(lang, key, &[("field", field.to_owned())]);
    let chances = Chances {
        fields: facts.fields.clone(),
    };
    vec![
        figure(
            "match-weights",
            name("fields-title", strongest),
            &weights,
            lang,
        ),
        figure(
            "chances",
            name("chances-title", &commonest.label),
            &chances,
            lang,
        ),
    ]
}

fn blocking(facts: &Facts, lang: Lang) -> Vec<Block> {
    let picture = Blocking {
        rules: facts.rules.clone(),
        possible: facts.possible,
    };
    let share = facts.compared() as f64 / facts.possible.max(1.0);
    let share = wdl_chart::linkage::chance(share, lang);
    let recall = percent(facts.estimated.blocking_recall, lang);
    vec![
        Block::Words(tell(lang, "blocking-words", &[("recall", recall)])),
        figure(
            "rules",
            tell(lang, "blocking-title", &[("share", share)]),
            &picture,
            lang,
        ),
    ]
}

fn unlinkable(facts: &Facts, lang: Lang) -> Vec<Block> {
    let picture = Unlinkables {
        records: facts.selves.clone(),
        cut: facts.cut_weight(),
    };
    let (few, whole) = (facts.unlinkable.unlinkable, facts.unlinkable.records);
    let args = [
        ("form", form0(few)),
        ("count", count(few, lang)),
        ("whole", count(whole, lang)),
    ];
    let mut blocks = Vec::new();
    if whole < facts.records() {
        let args = [("count", count(whole, lang))];
        blocks.push(Block::Words(tell(lang, "unlinkable-sample", &args)));
    }
    blocks.extend([figure(
        "unlinkables",
        tell(lang, "unlinkable-title", &args),
        &picture,
        lang,
    )]);
    blocks
}

fn clusters(facts: &Facts, lang: Lang) -> Vec<Block> {
    if facts.cluster_sizes.is_empty() {
        return vec![Block::Words(say(lang, "clusters-none"))];
    }
    let columns = ["clusters-count", "clusters-records"].map(|key| say(lang, key));
    let mut sizes = table(
        say(lang, "clusters-caption"),
        say(lang, "clusters-corner"),
        &columns,
    );
    for (size, many) in &facts.cluster_sizes {
        let cells = vec![count(*many, lang), count(size * many, lang)];
        push(&mut sizes, count(*size, lang), cells);
    }
    let mut blocks = vec![Block::Table("sizes-table", sizes)];
    match facts.repairs.is_empty() {
        true => blocks.push(Block::Words(say(lang, "repairs-none"))),
        false => blocks.push(Block::Table("repairs-table", repairs(facts, lang))),
    }
    if let Some(rates) = &facts.names {
        blocks.push(Block::Table("names-table", names(rates, lang)));
    }
    if let Some(cluster) = &facts.cluster {
        let cuts = cluster
            .edges
            .iter()
            .filter(|edge| edge.tie == wdl_chart::linkage::Tie::Cut);
        let args = [
            ("form", form0(cuts.count() as u64)),
            ("count", count(cluster.nodes.len() as u64, lang)),
        ];
        blocks.push(figure(
            "cluster",
            tell(lang, "cluster-title", &args),
            cluster,
            lang,
        ));
    }
    blocks
}

fn names(rates: &NameRates, lang: Lang) -> DataTable {
    let columns = ["clusters-count", "names-share"].map(|key| say(lang, key));
    let mut made = table(
        say(lang, "names-caption"),
        say(lang, "names-corner"),
        &columns,
    );
    for (key, clusters, share) in [
        ("names-homonymous", rates.homonymous, rates.homonymy()),
        ("names-varied", rates.varied, rates.variation()),
    ] {
        let cells = vec![count(clusters, lang), known(share, lang)];
        push(&mut made, say(lang, key), cells);
    }
    made
}

fn repairs(facts: &Facts, lang: Lang) -> DataTable {
    let columns = ["repairs-clusters", "repairs-cut"].map(|key| say(lang, key));
    let mut made = table(
        say(lang, "repairs-caption"),
        say(lang, "repairs-corner"),
        &columns,
    );
    for repair in &facts.repairs {
        let cells = vec![count(repair.clusters, lang), count(repair.cut, lang)];
        push(&mut made, repair.reason.get(lang).to_owned(), cells);
    }
    made
}

fn examples(facts: &Facts, lang: Lang) -> Vec<Block> {
    let mut blocks = vec![Block::Words(say(lang, "examples-words"))];
    for example in &facts.examples {
        let (id, key) = match example.why {
            Why::Usual => ("pair-usual", "example-usual"),
            Why::LastIn => ("pair-last-in", "example-last-in"),
            Why::FirstOut => ("pair-first-out", "example-first-out"),
        };
        let args = [("a", example.ids.0.clone()), ("b", example.ids.1.clone())];
        blocks.push(figure(id, tell(lang, key, &args), &example.waterfall, lang));
    }
    blocks
}

fn review(lang: Lang) -> Vec<Block> {
    let steps = ["review-step-1", "review-step-2", "review-step-3"];
    vec![
        Block::Words(say(lang, "review-words")),
        Block::Steps(steps.map(|key| say(lang, key)).into()),
        Block::Command("wdl link review --help".to_owned()),
    ]
}

fn model(facts: &Facts, lang: Lang) -> Vec<Block> {
    vec![
        Block::Table("columns-table", columns(facts, lang)),
        Block::Words(say(lang, "model-words")),
        Block::Code(facts.model.clone()),
    ]
}

/// What each column was taken for, those that are left out among them.
fn columns(facts: &Facts, lang: Lang) -> DataTable {
    let heads = [
        ("columns-kind", false),
        ("columns-why", false),
        ("columns-missing", true),
        ("columns-distinct", true),
    ];
    let mut made = table(
        say(lang, "columns-caption"),
        say(lang, "columns-corner"),
        &heads.map(|(key, _)| say(lang, key)),
    );
    for (column, (_, is_number)) in made.columns.iter_mut().zip(heads) {
        column.is_number = is_number;
    }
    for one in &facts.columns {
        let none = || String::from("–");
        let cells = vec![
            one.kind.map_or_else(none, |kind| kind.word().to_owned()),
            one.why.get(lang).to_owned(),
            one.seen
                .map_or_else(none, |(missing, _)| percent(missing, lang)),
            one.seen
                .map_or_else(none, |(_, distinct)| count(distinct.into(), lang)),
        ];
        push(&mut made, one.column.clone(), cells);
    }
    made
}
