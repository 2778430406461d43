//! The contracts that the product ships are whole, and say what the bodies really hold.

use std::collections::BTreeSet;

use wdl_contract::{Column, Contract, Contracts, Encoding, Kind, Rule, Shape, Treatment};
use wdl_vocab::{BodyId, DatasetId, Euro, Lang};

use crate::folder::{Copy, RESIDENTS, SEX, shipped};

fn contract<'a>(contracts: &'a Contracts, body: &str, dataset: &str) -> &'a Contract {
    let (body, dataset) = (
        BodyId::parse(body).unwrap(),
        DatasetId::parse(dataset).unwrap(),
    );
    contracts.get(&body, &dataset).unwrap()
}

#[test]
fn every_contract_of_modena_reads() {
    let contracts = shipped();
    let tables: Vec<String> = contracts.iter().map(Contract::table).collect();
    assert_eq!(
        tables,
        [
            "agenzia_lavoro_disoccupazione",
            "agenzia_lavoro_rapporti_lavoro",
            "ausl_passi",
            "comune_agenzia_casa",
            "comune_aiuti",
            "comune_alloggi",
            "comune_contratti_affitto",
            "comune_contributo_affitto",
            "comune_graduatoria_erp",
            "comune_isee",
            "comune_redditi",
            "comune_residenti",
            "comune_sfratti",
            "inail_infortuni",
        ]
    );
    for contract in contracts.iter() {
        assert_eq!(
            contract.key().is_none(),
            contract.shape == Shape::Aggregate,
            "{}",
            contract.id
        );
        assert_eq!(contract.delimiter, b';');
        let is_comune = contract.body.as_str() == "comune";
        assert_eq!(
            contract.encoding == Encoding::Windows1252,
            is_comune,
            "{}",
            contract.id
        );
    }
    assert_eq!(
        contracts.of_body(&BodyId::parse("comune").unwrap()).count(),
        10
    );
}

#[test]
fn a_contract_says_what_its_file_says() {
    let contracts = shipped();
    let residents = contract(&contracts, "comune", "residenti");
    assert_eq!(residents.shape, Shape::Episode);
    assert_eq!(residents.version, "1.0.0");
    assert_eq!(residents.file_name(), "residenti.csv");
    assert_eq!(residents.key().unwrap().physical_name, "ID_POSIZIONE");
    let names = |columns: &mut dyn Iterator<Item = &Column>| -> Vec<String> {
        columns.map(|column| column.name.clone()).collect()
    };
    let dropped: BTreeSet<String> = names(&mut residents.columns.iter())
        .into_iter()
        .filter(|name| !names(&mut residents.delivered()).contains(name))
        .collect();
    assert_eq!(
        dropped,
        ["cognome", "comune_nascita", "nome"]
            .map(str::to_owned)
            .into()
    );
    let person = residents.column("person").unwrap();
    assert_eq!(person.kind, Kind::TaxCode);
    assert_eq!(person.treatment, Treatment::Oprf("person".to_owned()));
    assert!(
        !person.required,
        "a resident without a tax code stays, unlinked"
    );
    assert_eq!(
        residents.column("birth_month").unwrap().treatment,
        Treatment::CoarsenMonth
    );
    assert!(residents.column("end_reason").unwrap().known_at_end);
    let rent = contract(&contracts, "comune", "contratti_affitto");
    let due = Kind::Money {
        min: Some(Euro::from_units(0)),
        max: Some(Euro::from_units(20_000)),
    };
    assert_eq!(rent.column("rent_eur_month").unwrap().kind, due);
    let scale = &contract(&contracts, "comune", "isee")
        .column("scale")
        .unwrap()
        .kind;
    let due = Kind::Decimal {
        precision: 4,
        scale: 2,
        min: Some(100),
        max: Some(2000),
    };
    assert_eq!(*scale, due);
}

#[test]
fn rules_follow_from_the_contract() {
    let contracts = shipped();
    let rules = contract(&contracts, "comune", "redditi").rules();
    assert!(matches!(rules.as_slice(), [Rule::Sum { parts, .. }] if parts.len() == 4));
    let rules = contract(&contracts, "comune", "alloggi").rules();
    assert!(matches!(rules.as_slice(), [Rule::NotBefore { .. }]));
    assert!(contract(&contracts, "ausl", "passi").rules().is_empty());
}

#[test]
fn no_direct_identifier_travels() {
    for contract in shipped().iter() {
        for column in contract.delivered() {
            let is_open =
                column.kind == Kind::TaxCode && !matches!(column.treatment, Treatment::Oprf(_));
            assert!(!is_open, "{}: {}", contract.id, column.name);
        }
    }
}

#[test]
fn every_column_is_explained_in_both_languages() {
    for contract in shipped().iter() {
        for column in &contract.columns {
            for lang in Lang::ALL {
                let (label, description) = (column.label.get(lang), column.description.get(lang));
                let is_explained = !label.is_empty() && description.len() > label.len();
                assert!(
                    is_explained || description.ends_with('.'),
                    "{}: {}",
                    contract.id,
                    column.name
                );
            }
        }
    }
}

#[test]
fn code_lists_hold_together() {
    let contracts = shipped();
    let lists = contracts.lists();
    let districts = lists.get("quartieri").unwrap();
    let rioni = lists.get("rioni").unwrap();
    assert_eq!(rioni.extra_columns(), ["quartiere"]);
    assert_eq!(rioni.rows().len(), 16);
    for district in districts.rows() {
        let inside = rioni
            .rows()
            .iter()
            .filter(|rione| rione.extra[0] == district.code);
        assert_eq!(inside.count(), 4, "{}", district.code);
    }
    let groups = lists.get("citizenship_groups").unwrap();
    let citizenships = lists.get("cittadinanze").unwrap();
    assert!(
        citizenships
            .rows()
            .iter()
            .all(|row| groups.contains(&row.extra[0]))
    );
    assert_eq!(citizenships.label("100").unwrap().get(Lang::En), "Italy");
    assert_eq!(citizenships.label("Italia"), None);
}

#[test]
fn leading_zeros_and_norway_survive_unquoted() {
    // YAML 1.1 reads 036023 as 15379 and NO as false.
    let copy = Copy::new();
    copy.edit(RESIDENTS, "id: comune-residenti", "id: 036023")
        .edit(
            RESIDENTS,
            "value: { it: \"Residenti\", en: \"Residents\" }",
            "value: { it: NO, en: 036023 }",
        )
        .edit(
            RESIDENTS,
            "wdl.purpose\n    value: poverta",
            "wdl.purpose\n    value: NO",
        )
        .edit(SEX, "M,maschi,men", "036023,NO,on");
    let contracts = copy.read().unwrap();
    let residents = contract(&contracts, "comune", "residenti");
    assert_eq!(residents.id, "036023");
    assert_eq!(
        (residents.title.get(Lang::It), residents.title.get(Lang::En)),
        ("NO", "036023")
    );
    assert_eq!(residents.purpose, "NO");
    let sex = contracts.lists().get("sesso").unwrap();
    assert!(sex.contains("036023") && !sex.contains("36023"));
}

#[test]
fn the_digest_is_that_of_the_bytes() {
    let copy = Copy::new();
    let before = contract(&copy.read().unwrap(), "comune", "residenti").digest;
    assert_eq!(before, contract(&shipped(), "comune", "residenti").digest);
    copy.edit(RESIDENTS, "status: active", "status: active ");
    assert_ne!(
        before,
        contract(&copy.read().unwrap(), "comune", "residenti").digest
    );
}

#[test]
fn properties_of_other_programs_are_let_through() {
    let copy = Copy::new();
    let foreign = "customProperties:\n  - { property: other.tool, value: { deep: [1, 2] } }\n";
    copy.edit(RESIDENTS, "customProperties:\n", foreign);
    assert!(copy.read().is_ok());
}
