//! The columns made for linkage: who gets which, who meets whom, and what two projects share.

use arrow::array::Array as _;
use arrow::record_batch::RecordBatch;
use wdl_crypto::Realm;
use wdl_delivery::Delivery;

use crate::sealing::{Scene, ids, pair};
use crate::support::tax_code;

/// A row of `residenti`: the code, the names, the day of birth.
#[derive(Clone)]
struct Resident {
    code: String,
    surname: &'static str,
    name: &'static str,
    born: &'static str,
}

impl Resident {
    fn new(nth: usize, surname: &'static str, name: &'static str, born: &'static str) -> Resident {
        Resident {
            code: tax_code(nth),
            surname,
            name,
            born,
        }
    }

    fn without_code(self) -> Resident {
        Resident {
            code: String::new(),
            ..self
        }
    }
}

fn file(scene: &Scene, rows: &[Resident]) -> String {
    let contract = scene.ground.contract("residenti");
    let header: Vec<&str> = contract
        .columns
        .iter()
        .map(|column| column.physical_name.as_str())
        .collect();
    let mut text = format!("{}\r\n", header.join(";"));
    for (nth, row) in rows.iter().enumerate() {
        let key = format!("P{nth}");
        let cells: Vec<&str> = header
            .iter()
            .map(|name| match *name {
                "ID_POSIZIONE" => key.as_str(),
                "CODICE_FISCALE" => row.code.as_str(),
                "COGNOME" => row.surname,
                "NOME" => row.name,
                "DATA_NASCITA" => row.born,
                "COMUNE_NASCITA" => "Zocca",
                "SESSO" => "F",
                "CITTADINANZA" => "100",
                "CODICE_FAMIGLIA" => "FAM1",
                "RELAZIONE" => "IS",
                "TIPO_SCHEDA" => "F",
                "CHIAVE_CATASTALE" => "Z999-1-2-3",
                "RIONE" => "R01",
                "DATA_INIZIO" => "01/02/2026",
                _ => "",
            })
            .collect();
        text.push_str(&format!("{}\r\n", cells.join(";")));
    }
    text
}

fn sealed(
    scene: &Scene,
    rows: &[Resident],
    custodians: (&crate::support::Local, &crate::support::Local),
) -> RecordBatch {
    let text = file(scene, rows);
    let sealed = scene
        .seal(&[("residenti", &text)], &[custodians.0, custodians.1])
        .unwrap();
    let header = Delivery::read(&sealed[0].file).unwrap().header().clone();
    assert_eq!(
        header.declared.encodings,
        [
            "link_names_birth",
            "link_names_birth_swapped_names",
            "link_names_birth_swapped_day_month",
            "link_sound_birth",
            "link_initial_birth",
            "link_clk"
        ]
    );
    scene.open(&sealed[0])
}

fn rows() -> Vec<Resident> {
    vec![
        Resident::new(1, "De Luca", "Niccolò", "07/05/1980"),
        Resident::new(2, "NICCOLO'", "DELUCA", "07/05/1980").without_code(),
        Resident::new(3, "DE LUCA", "NICCOLO", "05/07/1980").without_code(),
        Resident::new(4, "Luppi", "Ada", "05/07/1981").without_code(),
        Resident::new(5, "N.D.", "Ada", "05/07/1981").without_code(),
    ]
}

#[test]
fn mistakes_undone_meet_the_row_with_a_code() {
    let scene = Scene::new();
    let (a, b) = pair();
    let batch = sealed(&scene, &rows(), (&a, &b));
    let plain = ids(&batch, "link_names_birth");
    assert!(plain[0].is_some());
    assert_eq!(ids(&batch, "link_names_birth_swapped_names")[1], plain[0]);
    assert_eq!(
        ids(&batch, "link_names_birth_swapped_day_month")[2],
        plain[0]
    );
    assert!(plain[1] != plain[0] && plain[2] != plain[0] && plain[3] != plain[0]);
}

#[test]
fn a_row_with_a_code_gets_one_token_and_no_encoding() {
    let scene = Scene::new();
    let (a, b) = pair();
    let batch = sealed(&scene, &rows(), (&a, &b));
    for name in [
        "link_names_birth_swapped_names",
        "link_names_birth_swapped_day_month",
        "link_sound_birth",
        "link_initial_birth",
        "link_clk",
    ] {
        assert!(ids(&batch, name)[0].is_none(), "{name}");
    }
    let encodings = ids(&batch, "link_clk");
    assert!(
        encodings[1..]
            .iter()
            .all(|one| one.is_some_and(|bytes| bytes.len() == 128))
    );
    // No surname: nothing that many would share.
    assert!(ids(&batch, "link_names_birth")[4].is_none());
    assert_eq!(batch.column_by_name("person").unwrap().null_count(), 4);
    let schema = batch.schema();
    let field = schema.field_with_name("link_clk").unwrap();
    assert!(field.metadata().contains_key("wdl.recipe"));
}

#[test]
fn no_name_leaves() {
    let scene = Scene::new();
    let (a, b) = pair();
    let batch = sealed(&scene, &rows(), (&a, &b));
    for column in batch.columns() {
        let shown = format!("{column:?}").to_uppercase();
        assert!(!shown.contains("LUCA") && !shown.contains("LUPPI"));
    }
}

#[test]
fn two_bodies_of_a_project_are_comparable() {
    let (a, b) = pair();
    let scenes = [Scene::new(), Scene::new()];
    let batches = scenes
        .each_ref()
        .map(|scene| sealed(scene, &rows(), (&a, &b)));
    for name in ["link_names_birth", "link_sound_birth", "link_clk", "person"] {
        assert_eq!(ids(&batches[0], name), ids(&batches[1], name), "{name}");
    }
}

#[test]
fn two_projects_cannot_be_joined() {
    // Even with the same keys of the custodians.
    let (a, b) = pair();
    let mut other = Scene::new();
    other.realm = Realm::new("modena", "another", "2026").unwrap();
    let mine = Scene::new();
    let here = sealed(&mine, &rows(), (&a, &b));
    let (c, d) = (a.of(&other.realm), b.of(&other.realm));
    let there = sealed(&other, &rows(), (&c, &d));
    for name in ["link_names_birth", "link_sound_birth", "link_clk", "person"] {
        let (here, there) = (ids(&here, name), ids(&there, name));
        let same = here
            .iter()
            .zip(&there)
            .filter(|(one, other)| one.is_some() && one == other);
        assert_eq!(same.count(), 0, "{name}");
    }
}

#[test]
fn a_rotated_key_gives_other_tokens() {
    // Rotation is by delivering again in a new key period: the old map is not used.
    let (a, b) = pair();
    let mut scene = Scene::new();
    let before = sealed(&scene, &rows(), (&a, &b));
    scene.realm = Realm::new("modena", "welfare", "2027").unwrap();
    let (c, d) = pair();
    let (c, d) = (c.of(&scene.realm), d.of(&scene.realm));
    let after = sealed(&scene, &rows(), (&c, &d));
    for name in ["link_names_birth", "link_clk", "person"] {
        let same = ids(&before, name).into_iter().zip(ids(&after, name));
        assert_eq!(
            same.filter(|(one, other)| one.is_some() && one == other)
                .count(),
            0,
            "{name}"
        );
    }
}

#[test]
fn each_column_is_declared_within_its_rows() {
    let scene = Scene::new();
    let (a, b) = pair();
    sealed(&scene, &rows(), (&a, &b));
    let kinds: Vec<(String, u64)> = a
        .declared()
        .into_iter()
        .map(|one| {
            assert!(one.values <= one.rows);
            (one.kind.to_string(), one.values)
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("person".to_owned(), 1),
            ("link_names_birth".to_owned(), 4),
            ("link_names_birth".to_owned(), 2),
            // The other is what another row gave with its names swapped.
            ("link_names_birth".to_owned(), 1),
            ("link_sound_birth".to_owned(), 3),
            ("link_initial_birth".to_owned(), 3),
            ("link_key".to_owned(), 1),
        ]
    );
    let before = a.asked();
    sealed(&scene, &rows(), (&a, &b));
    assert_eq!(a.asked(), before, "everybody is known");
}
