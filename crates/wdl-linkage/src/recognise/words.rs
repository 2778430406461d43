//! What the name of a column means, in Italian and English and their usual abbreviations.

use crate::model::Kind;

/// The meaning of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One kind.
    Of(Kind),
    /// `nome`, `name`: the given name, or the whole one.
    SomeName,
    /// The place where someone was born.
    BirthPlace,
}

/// Names without blanks and marks.
const NAMES: &[(Kind, &[&str])] = &[
    (
        Kind::GivenName,
        &[
            "firstname",
            "givenname",
            "givennames",
            "given",
            "first",
            "forename",
            "forenames",
            "fname",
            "gname",
            "middlename",
            "secondonome",
            "nomeproprio",
            "prenome",
            "christianname",
        ],
    ),
    (
        Kind::Surname,
        &[
            "cognome",
            "cognomi",
            "surname",
            "lastname",
            "last",
            "familyname",
            "lname",
            "sname",
            "maidenname",
            "cognomenascita",
            "cognomenubile",
            "apellido",
            "apellidos",
            "nachname",
        ],
    ),
    (
        Kind::FullName,
        &[
            "nominativo",
            "fullname",
            "personname",
            "cognomenome",
            "nomecognome",
            "cognomeenome",
            "nomeecognome",
            "intestatario",
            "nomecompleto",
            "completename",
        ],
    ),
    (
        Kind::BirthDate,
        &[
            "dob",
            "datebirth",
            "birthdate",
            "birthday",
            "bday",
            "bdate",
            "datanascita",
            "dtnascita",
            "datanasc",
            "dtnasc",
            "dnascita",
            "nascita",
            "natoil",
            "natail",
            "nato",
            "birth",
            "born",
            "annonascita",
            "yearbirth",
            "birthyear",
            "yob",
            "dataoranascita",
            "deathdate",
            "datedeath",
            "datadecesso",
            "dod",
            "datamorte",
        ],
    ),
    (Kind::Sex, &["sesso", "sex", "gender", "genere"]),
    (
        Kind::Code,
        &[
            "cf",
            "codicefiscale",
            "codfiscale",
            "codfisc",
            "cfisc",
            "ssn",
            "socsecid",
            "socialsecuritynumber",
            "socialsecurity",
            "socialsecurityid",
            "socialsecurityno",
            "nhs",
            "nhsnumber",
            "nhsno",
            "nino",
            "nationalid",
            "nationalinsurancenumber",
            "taxid",
            "taxcode",
            "taxnumber",
            "personalnumber",
            "personalcode",
            "passport",
            "passportnumber",
            "passaporto",
            "documento",
            "numerodocumento",
            "tessera",
            "tesserasanitaria",
            "codicesanitario",
            "medicare",
            "medicarenumber",
            "stp",
            "eni",
            "telefono",
            "tel",
            "cellulare",
            "cell",
            "phone",
            "phonenumber",
            "phoneno",
            "telephone",
            "mobile",
            "mobilephone",
            "email",
            "mail",
            "emailaddress",
            "pec",
            "partitaiva",
            "piva",
            "driverslicense",
            "driverlicence",
            "pseudonym",
            "pseudonimo",
            "token",
            "iban",
        ],
    ),
    (
        Kind::Street,
        &[
            "indirizzo",
            "via",
            "address",
            "addr",
            "addressline",
            "street",
            "streetname",
            "streetaddress",
            "strada",
            "nomevia",
            "odonimo",
            "toponimo",
            "homeaddress",
        ],
    ),
    (
        Kind::HouseNumber,
        &[
            "civico",
            "numerocivico",
            "ncivico",
            "numciv",
            "nciv",
            "civ",
            "streetnumber",
            "streetno",
            "streetnum",
            "housenumber",
            "houseno",
            "housenum",
            "buildingnumber",
        ],
    ),
    (
        Kind::PostCode,
        &[
            "cap",
            "postcode",
            "postalcode",
            "pcode",
            "zip",
            "zipcode",
            "codicepostale",
            "codpostale",
            "plz",
        ],
    ),
    (
        Kind::Place,
        &[
            "comune",
            "citta",
            "city",
            "town",
            "suburb",
            "localita",
            "locality",
            "municipality",
            "municipio",
            "village",
            "residenza",
            "frazione",
            "place",
            "hometown",
            "quartiere",
            "borough",
            "luogo",
        ],
    ),
    (
        Kind::Category,
        &[
            "state",
            "stato",
            "province",
            "provincia",
            "prov",
            "region",
            "regione",
            "county",
            "country",
            "nazione",
            "paese",
            "cittadinanza",
            "citizenship",
            "nationality",
            "nazionalita",
            "race",
            "ethnicity",
            "statocivile",
            "maritalstatus",
            "birthmonth",
            "mesenascita",
            "monthbirth",
            "daybirth",
            "giornonascita",
            "lingua",
            "language",
        ],
    ),
    (
        Kind::Number,
        &[
            "eta",
            "age",
            "reddito",
            "income",
            "lat",
            "latitude",
            "latitudine",
            "lon",
            "lng",
            "longitude",
            "longitudine",
        ],
    ),
    (Kind::Clk, &["clk", "bloom", "bloomfilter", "encoding"]),
];

/// Words that say whose value it is or which one, and not what it is.
const CONTEXT: &[&str] = &[
    "of",
    "the",
    "di",
    "del",
    "della",
    "dell",
    "de",
    "e",
    "a",
    "b",
    "l",
    "r",
    "in",
    "paziente",
    "patient",
    "assistito",
    "person",
    "persona",
    "utente",
    "client",
    "cliente",
    "soggetto",
    "residente",
    "resident",
    "residenza",
    "residence",
    "residential",
    "domicilio",
    "home",
    "res",
    "dom",
    "current",
    "attuale",
    "anagrafica",
    "anagrafico",
    "member",
    "voter",
    "child",
    "bambino",
    "applicant",
    "richiedente",
    "dichiarante",
    "beneficiario",
    "lavoratore",
    "worker",
    "mother",
    "father",
    "madre",
    "padre",
    "coniuge",
    "spouse",
    "full",
    "raw",
    "clean",
    "cod",
    "codice",
    "code",
    "desc",
    "descrizione",
];

/// What a name means; nothing when no word of it is known.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let words = words(name);
    let letters: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    of_place_of_birth(&letters)
        .or_else(|| known(&letters.concat()))
        .or_else(|| {
            let bare: Vec<&str> = letters
                .iter()
                .copied()
                .filter(|word| !CONTEXT.contains(word))
                .collect();
            known(&bare.concat()).or_else(|| of_one_word(&bare))
        })
}

/// `luogo_nascita`, `birth_city`: a place of birth, told by two words.
fn of_place_of_birth(words: &[&str]) -> Option<Meaning> {
    const BIRTH: &[&str] = &["nascita", "nasc", "birth", "nato"];
    const PLACES: &[&str] = &[
        "luogo",
        "comune",
        "citta",
        "stato",
        "paese",
        "provincia",
        "prov",
        "nazione",
        "place",
        "city",
        "town",
        "country",
        "state",
        "province",
        "county",
        "region",
    ];
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let is_joined =
        matches!(words, [one] if matches!(*one, "luogonascita" | "comunenascita" | "birthplace"));
    (is_joined || (has(BIRTH) && has(PLACES))).then_some(Meaning::BirthPlace)
}

fn known(joined: &str) -> Option<Meaning> {
    if matches!(joined, "nome" | "nomi" | "name" | "names") {
        return Some(Meaning::SomeName);
    }
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&joined))
        .map(|(kind, _)| Meaning::Of(*kind))
}

/// The meaning of the one word, or two neighbours, that has one; two meanings are none.
fn of_one_word(words: &[&str]) -> Option<Meaning> {
    let pairs = words.windows(2).map(|two| known(&two.concat()));
    let mut found = pairs.flatten().collect::<Vec<_>>();
    if found.is_empty() {
        found = words.iter().filter_map(|word| known(word)).collect();
    }
    found.dedup();
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The words of a name in lower case: `dateOfBirth`, `DATE_OF_BIRTH` and `date of birth` are one.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars().take(120) {
        let is_new = !before.is_alphanumeric()
            || before.is_numeric() != letter.is_numeric()
            || (before.is_lowercase() && letter.is_uppercase());
        if letter.is_alphanumeric() {
            if is_new {
                words.push(String::new());
            }
            let word = words.last_mut().expect("a word was begun");
            word.extend(letter.to_lowercase().map(plain));
        }
        before = letter;
    }
    words
}

fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' => 'a',
        'è' | 'é' => 'e',
        'ì' | 'í' => 'i',
        'ò' | 'ó' => 'o',
        'ù' | 'ú' => 'u',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        use Kind::{
            BirthDate, Category, Code, GivenName, HouseNumber, Place, PostCode, Sex, Street,
            Surname,
        };
        for (name, kind) in [
            ("cognome", Surname),
            ("COGNOME", Surname),
            ("last_name", Surname),
            ("LastName", Surname),
            ("surname_l", Surname),
            ("cognome_assistito", Surname),
            ("first_name", GivenName),
            ("given_name", GivenName),
            ("dob", BirthDate),
            ("date_of_birth", BirthDate),
            ("dateOfBirth", BirthDate),
            ("data_nascita", BirthDate),
            ("Data di nascita", BirthDate),
            ("anno_nascita", BirthDate),
            ("sesso", Sex),
            ("gender", Sex),
            ("cf", Code),
            ("codice_fiscale", Code),
            ("soc_sec_id", Code),
            ("telefono_cellulare", Code),
            ("e-mail", Code),
            ("indirizzo", Street),
            ("address_1", Street),
            ("address_2", Street),
            ("via_residenza", Street),
            ("civico", HouseNumber),
            ("street_number", HouseNumber),
            ("CAP", PostCode),
            ("cap_residenza", PostCode),
            ("zip", PostCode),
            ("comune_residenza", Place),
            ("città", Place),
            ("suburb", Place),
            ("state", Category),
            ("provincia", Category),
        ] {
            assert_eq!(meaning(name), Some(Meaning::Of(kind)), "{name}");
        }
        for (name, expected) in [
            ("nome", Some(Meaning::SomeName)),
            ("Name", Some(Meaning::SomeName)),
            ("nome_paziente", Some(Meaning::SomeName)),
            ("luogo_nascita", Some(Meaning::BirthPlace)),
            ("comune di nascita", Some(Meaning::BirthPlace)),
            ("birth_place", Some(Meaning::BirthPlace)),
            ("field3", None),
            ("", None),
            ("__", None),
            ("x", None),
        ] {
            assert_eq!(meaning(name), expected, "{name}");
        }
    }
}
