//! The site on disk, and the same bytes every time.

use std::fs;

use wdl_publication::{PublicationError, Site};

use crate::released::with_input;

#[test]
fn the_same_input_gives_the_same_bytes() {
    with_input(true, |input, _| {
        let first = Site::make(input).unwrap();
        let second = Site::make(input).unwrap();
        assert_eq!(first, second);
        assert_eq!(first.digest(), second.digest());
    });
}

#[test]
fn a_site_takes_the_place_of_the_one_before() {
    with_input(true, |input, _| {
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
    });
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    with_input(true, |input, _| {
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
    });
}

#[test]
fn an_empty_folder_may_be_used() {
    with_input(true, |input, _| {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("site");
        fs::create_dir(&directory).unwrap();
        Site::make(input).unwrap().write(&directory).unwrap();
        assert!(directory.join("index.html").exists());
    });
}

#[test]
fn tables_must_agree_with_the_lab() {
    with_input(true, |input, _| {
        input.lab.synthetic = false;
        assert!(matches!(
            Site::make(input),
            Err(PublicationError::NoticeDisagrees { .. })
        ));
        input.lab.synthetic = true;
        let again = input.tables[0].clone();
        input.tables.push(again);
        assert!(matches!(
            Site::make(input),
            Err(PublicationError::TableTwice { .. })
        ));
        input.tables.pop();
        input.themes[1].id = "povertà".to_owned();
        let fault = Site::make(input).unwrap_err();
        assert!(
            matches!(
                fault,
                PublicationError::UnknownTheme {
                    suggestion: Some(_),
                    ..
                }
            ),
            "{fault}"
        );
    });
}

#[test]
fn a_lab_without_releases_still_has_a_site() {
    with_input(true, |input, _| {
        input.tables.clear();
        let site = Site::make(input).unwrap();
        assert!(site.files().contains_key("it/index.html"));
    });
}
