//! The site on disk, and the same bytes every time.

use std::fs;

use wdl_publication::{PublicationError, Site};

use crate::released::sample;

#[test]
fn the_same_input_gives_the_same_bytes() {
    let known = sample(true);
    let input = &known.input();
    let first = Site::make(input).unwrap();
    let second = Site::make(input).unwrap();
    assert_eq!(first, second);
    assert_eq!(first.digest(), second.digest());
}

#[test]
fn a_site_takes_the_place_of_the_one_before() {
    let known = sample(true);
    let input = &known.input();
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("site");
    let site = Site::make(input).unwrap();
    let report = site.write(&directory).unwrap();
    assert_eq!(report.files, site.files().len());
    let stale = directory.join("it/indicatori/gone.html");
    fs::write(&stale, "gone").unwrap();
    site.write(&directory).unwrap();
    assert!(!stale.exists(), "nothing of the old site remains");
    for (path, bytes) in site.files() {
        assert_eq!(&fs::read(directory.join(path)).unwrap(), bytes, "{path}");
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["site"], "nothing remains beside it");
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    let known = sample(true);
    let input = &known.input();
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("tesi.txt");
    fs::write(&note, "la mia tesi").unwrap();
    let site = Site::make(input).unwrap();
    assert!(matches!(
        site.write(folder.path()),
        Err(PublicationError::ForeignFolder { .. })
    ));
    assert!(matches!(
        site.write(&note),
        Err(PublicationError::ForeignFolder { .. })
    ));
    assert_eq!(fs::read_to_string(&note).unwrap(), "la mia tesi");
}

#[test]
fn an_empty_folder_may_be_used() {
    let known = sample(true);
    let input = &known.input();
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("site");
    fs::create_dir(&directory).unwrap();
    Site::make(input).unwrap().write(&directory).unwrap();
    assert!(directory.join("index.html").exists());
}

#[test]
fn tables_must_agree_with_the_lab() {
    let mut known = sample(true);
    let mut input = known.input();
    input.tables.push(input.tables[0]);
    assert!(matches!(
        Site::make(&input),
        Err(PublicationError::TableTwice { .. })
    ));
    known.lab.synthetic = false;
    assert!(matches!(
        Site::make(&known.input()),
        Err(PublicationError::NoticeDisagrees { .. })
    ));
    known.lab.synthetic = true;
    known.lab.themes.retain(|theme| theme.id.as_str() != "casa");
    let mut input = known.input();
    input.publications.clear();
    let fault = Site::make(&input).unwrap_err();
    assert!(
        matches!(fault, PublicationError::UnknownTheme { .. }),
        "{fault}"
    );
}

#[test]
fn a_lab_without_releases_still_has_a_site() {
    let known = sample(true);
    let mut input = known.input();
    input.tables.clear();
    let site = Site::make(&input).unwrap();
    assert!(site.files().contains_key("it/index.html"));
}
