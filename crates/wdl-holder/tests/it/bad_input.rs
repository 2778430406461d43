//! The shipped contracts, each held against files of its own dataset; what the check finds in general is tested in its own crate.

use wdl_holder::check::{Checked, Terms, check_bytes};
use wdl_vocab::Severity;
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::support::{Ground, aid_with, quarter};

/// The findings of a check: code, severity, rows.
fn found(checked: &Checked) -> Vec<(&'static str, Severity, u64)> {
    checked
        .findings
        .iter()
        .map(|finding| {
            let diagnostic = &finding.diagnostic;
            (diagnostic.code.id, diagnostic.severity, finding.count)
        })
        .collect()
}

#[test]
fn a_good_file_has_no_findings() {
    let checked = Ground::read().check("aiuti", aid_with(|_| {}).as_bytes());
    assert_eq!(checked.findings.counts().error, 0);
    assert_eq!((checked.rows, checked.accepted), (10, 10));
    assert_eq!(checked.people[0].tax_codes, 10);
}

#[test]
fn the_header_of_every_contract_is_read() {
    let ground = Ground::read();
    for contract in ground.contracts.iter() {
        let names: Vec<&str> = contract
            .columns
            .iter()
            .map(|column| column.physical_name.as_str())
            .collect();
        let header = format!(
            "{}\n",
            names.join(&char::from(contract.delimiter).to_string())
        );
        let terms = Terms::alone(contract, ground.contracts.lists(), quarter());
        let checked = check_bytes(&contract.file_name(), header.as_bytes(), terms).unwrap();
        let errors = found(&checked).into_iter();
        let errors: Vec<_> = errors
            .filter(|(_, severity, _)| *severity == Severity::Error)
            .collect();
        assert_eq!(
            errors,
            [(codes::NO_ROWS.id, Severity::Error, 1)],
            "{}",
            contract.id
        );
    }
}

#[test]
fn an_end_comes_after_its_beginning() {
    let text = "NUMERO_CONTRATTO;CHIAVE_CATASTALE;CF_CONDUTTORE;TIPO;CANONE_MENSILE;SUPERFICIE_MQ;DATA_STIPULA;DATA_FINE\r\n\
        C1;F257-1-2-3;;L;500,00;60,00;01/02/2026;31/01/2026\r\n\
        C2;F257-1-2-4;;L;500,00;60,00;01/02/2026;31/01/2030\r\n";
    let checked = Ground::read().check("contratti_affitto", text.as_bytes());
    assert_eq!(checked.findings.count(codes::ENDS_BEFORE_START), 1);
    assert_eq!(checked.findings.count(codes::PLANNED_END), 1);
    assert_eq!(
        (checked.accepted, checked.rejected_lines.as_slice()),
        (1, &[2][..])
    );
}

#[test]
fn incomes_sum() {
    let header = "PROGRESSIVO;CODICE_FISCALE;ANNO_IMPOSTA;REDDITO_IMPONIBILE;REDDITO_LAVORO;REDDITO_PENSIONE;REDDITO_AUTONOMO;REDDITO_FABBRICATI\r\n";
    let good = format!("{header}1;;2024;1000,00;600,00;300,00;50,00;50,00\r\n");
    let checked = Ground::read().check("redditi", good.as_bytes());
    assert_eq!(checked.findings.counts().error, 0);
    let bad = good.replace("300,00", "300,02");
    let checked = Ground::read().check("redditi", bad.as_bytes());
    assert_eq!(checked.findings.count(codes::SUM_DIFFERS), 1);
    let future = good.replace("2024", "2027");
    let checked = Ground::read().check("redditi", future.as_bytes());
    assert_eq!(checked.findings.counts().error, 1);
}
