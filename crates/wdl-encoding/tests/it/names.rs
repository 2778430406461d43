//! Forms of names: spellings that are one, parts, short forms, placeholders, letters of any kind.

use proptest::prelude::*;
use wdl_encoding::names::{Forms, Role, Shared, is_placeholder, is_written_for_nothing};

fn forms(raw: &str, role: Role) -> Forms {
    Forms::of(raw, role).unwrap_or_else(|| panic!("{raw} is a name"))
}

#[track_caller]
fn check(role: Role, a: &str, b: &str, expected: Shared) {
    assert_eq!(forms(a, role).shared(&forms(b, role)), expected, "{a} {b}");
    assert_eq!(forms(b, role).shared(&forms(a, role)), expected, "{b} {a}");
}

#[test]
fn surnames() {
    use Shared::{Letters, Names, Nothing, Part, Subset};
    for (a, b, expected) in [
        ("NICOLÒ", "NICOLO'", Letters),
        ("NICOLO", "nicolo\u{300}", Letters),
        ("D'ANGELO", "D ANGELO", Letters),
        ("DANGELO", "D’Angelo", Letters),
        ("DE LUCA", "DELUCA", Letters),
        ("LO RUSSO", "Lorusso", Letters),
        ("SIG. ROSSI", "ROSSI", Letters),
        ("Mrs Rossi", "ROSSI", Letters),
        ("ROSSI VED. BIANCHI", "Rossi", Letters),
        ("GARCIA LOPEZ", "GARCIALOPEZ", Letters),
        ("GARCIA LOPEZ", "LOPEZ GARCIA", Names),
        ("GARCIA LOPEZ", "GARCIA", Subset),
        ("GARCIA LOPEZ", "LOPEZ", Subset),
        ("GARCIA LOPEZ", "GARCIA PEREZ", Part),
        ("ROSSI", "BIANCHI", Nothing),
        ("RO\0SSI\u{202e}", "ROSSI", Letters),
        ("\u{200f}ROSSI", "ＲＯＳＳＩ", Letters),
    ] {
        check(Role::Surname, a, b, expected);
    }
}

#[test]
fn given_names() {
    use Shared::{Letters, Names, Nothing, Subset};
    for (a, b, expected) in [
        ("MARIA LUISA", "MARIALUISA", Letters),
        ("GIUSEPPE", "Beppe", Names),
        ("PINO", "PEPPE", Names),
        ("NANDO", "FERDINANDO", Names),
        ("BILL", "william", Names),
        ("MOHAMED", "MUHAMMAD", Names),
        ("OLEKSANDR", "ALEKSANDR", Names),
        ("GIOVANNI MARIA", "GIANNI", Subset),
        ("MARCO", "MARIO", Nothing),
        ("Олександр", "ОЛЕКСАНДР", Letters),
        ("明", "明", Letters),
    ] {
        check(Role::Given, a, b, expected);
    }
    check(Role::Full, "Rossi Giuseppe", "BEPPE ROSSI", Names);
    check(Role::Full, "Mario Rossi", "Rossi Mario", Names);
}

#[test]
fn each_form() {
    let name = forms("Pino  Dell'Orto-Bianchi", Role::Full);
    assert_eq!(name.parts(), ["PINO", "DELLORTO", "BIANCHI"]);
    assert_eq!(name.roots(), ["GIUSEPPE", "DELLORTO", "BIANCHI"]);
    assert_eq!(name.plain(), "PINO DELLORTO BIANCHI");
    assert_eq!(name.joined(), "PINODELLORTOBIANCHI");
    assert_eq!(name.root(), "BIANCHIDELLORTOGIUSEPPE");
    assert_eq!((name.first(), name.first_root()), ("PINO", "GIUSEPPE"));
    assert_eq!(
        forms("Mohammed", Role::Given).sound(),
        forms("Muhamad", Role::Given).sound()
    );
    assert_eq!(
        forms("Chiara", Role::Given).sound(),
        forms("Kiara", Role::Given).sound()
    );
}

#[test]
fn names_that_sound_alike() {
    for (a, b) in [
        ("MAGNANI", "MANANI"),
        ("GAGLIARDI", "GALIARDI"),
        ("SCHIAVI", "SKIAVI"),
        ("ZUCCHI", "ZUCHI"),
        ("CHECCHI", "KEKKI"),
        ("GUIDETTI", "GUIDETI"),
        ("WALTER", "VALTER"),
        ("XHAFERI", "ZAFERI"),
        ("KOVALENKO", "COVALENCO"),
        ("HOXHA", "OXHA"),
        ("PHILIPPE", "FILIPPE"),
        ("THOMAS", "TOMMAS"),
        ("DELL'ACQUA", "DELLACUA"),
        ("YILMAZ", "ILMAZ"),
    ] {
        let sound = |raw| forms(raw, Role::Surname).sound();
        assert_eq!(sound(a), sound(b), "{a} {b}");
    }
    for (a, b) in [
        ("CECCHI", "CESCHI"),
        ("GHEZZI", "GEZZI"),
        ("MASCIA", "MASCA"),
        ("ROSSI", "RIZZO"),
    ] {
        let sound = |raw| forms(raw, Role::Surname).sound();
        let are_alike = sound(a) == sound(b);
        assert_eq!(are_alike, a == "ROSSI", "{a} {b}");
    }
}

#[test]
fn nothing_is_nothing() {
    for raw in [
        "",
        " ",
        "N.D.",
        "XXX",
        "Sconosciuto",
        "NON NOTO",
        "ignota",
        "?",
        "...",
        "\0",
        "\u{202e}",
    ] {
        for role in [Role::Surname, Role::Given, Role::Full, Role::Place] {
            assert_eq!(Forms::of(raw, role), None, "{raw}");
        }
        assert!(is_placeholder(raw), "{raw}");
    }
    for raw in [
        "VIA NON NOTA",
        "Via Sconosciuta",
        "via n.d.",
        "N.A.",
        "n/a",
        "Non dichiarato",
        "SENZA FISSA DIMORA",
        "none",
    ] {
        assert!(is_placeholder(raw), "{raw}");
    }
    assert!(is_written_for_nothing("Non disponibile") && is_written_for_nothing("?"));
    for raw in ["ND", "XX", "1111", "41100", "MO"] {
        assert!(!is_written_for_nothing(raw), "{raw}");
    }
    for raw in [
        "ROSSI",
        "VIA",
        "41100",
        "O",
        "NA",
        "11",
        "Via 44",
        "Via Verdi",
        "李",
    ] {
        assert!(!is_placeholder(raw), "{raw}");
    }
    assert!(Forms::of(&"LORENZO ".repeat(10_000), Role::Given).is_some());
}

proptest! {
    #[test]
    fn any_text_has_forms_or_none(a in any::<String>(), b in any::<String>()) {
        for role in [Role::Surname, Role::Given, Role::Full, Role::Place] {
            let (Some(of_a), Some(of_b)) = (Forms::of(&a, role), Forms::of(&b, role)) else { continue };
            prop_assert_eq!(of_a.shared(&of_a), Shared::Letters);
            prop_assert_eq!(of_a.shared(&of_b), of_b.shared(&of_a));
            prop_assert!(of_a.parts().iter().all(|part| !part.is_empty()));
            prop_assert_eq!(of_a.parts().len(), of_a.roots().len());
        }
    }
}
