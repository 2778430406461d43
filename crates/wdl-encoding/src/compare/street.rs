//! Streets and house numbers as people write them.
//!
//! `V.le Garibaldi, 12/A` is the avenue, the name and the number; kinds of streets are brought to one word, in front in Italian and French, behind in English.

use crate::names::says_nothing;
use crate::normal;

/// Kinds of streets with what they are shortened to; the first word is the kept one.
/// Source: general knowledge of usage; written for this program.
const BEFORE: &[&[&str]] = &[
    &["VIA", "V"],
    &["VIALE", "VLE", "VL"],
    &["PIAZZA", "PZA", "PZZA", "PZ", "PIAZ"],
    &["PIAZZALE", "PLE", "PZLE", "PZALE"],
    &["PIAZZETTA", "PTTA", "PZTTA"],
    &["CORSO", "CSO", "CO"],
    &["STRADA", "STR", "STRD"],
    &["STRADELLO", "STRLO"],
    &["LARGO", "LGO", "LG"],
    &["VICOLO", "VLO", "VICO", "VC"],
    &["CONTRADA", "CDA", "CTRADA", "CONTR"],
    &["BORGO", "BGO"],
    &["LOCALITA", "LOC"],
    &["FRAZIONE", "FRAZ", "FR"],
    &["CALLE", "CL"],
    &["GALLERIA", "GALL"],
    &["SALITA"],
    &["TRAVERSA", "TRAV"],
    &["LUNGOMARE"],
    &["ROTONDA"],
    &["RUE", "R"],
    &["AVENUE", "AV", "AVE"],
    &["BOULEVARD", "BD", "BLVD"],
    &["PLACE", "PL"],
];

const BEHIND: &[&[&str]] = &[
    &["STREET", "ST", "STR", "STREEET"],
    &["AVENUE", "AVE", "AV"],
    &["ROAD", "RD"],
    &["PLACE", "PL"],
    &["CRESCENT", "CRES", "CR", "CRS", "CRESENT"],
    &["CIRCUIT", "CCT", "CIRC", "CCUIT"],
    &["COURT", "CT", "CRT"],
    &["DRIVE", "DR", "DRV"],
    &["LANE", "LN"],
    &["CLOSE", "CL"],
    &["BOULEVARD", "BLVD", "BVD", "BD"],
    &["TERRACE", "TCE", "TERR"],
    &["PARADE", "PDE"],
    &["HIGHWAY", "HWY"],
    &["SQUARE", "SQ"],
    &["GROVE", "GR", "GRV"],
    &["WAY", "WY"],
    &["WALK", "WK"],
    &["GARDENS", "GDNS"],
    &["STRASSE"],
];

/// Which side of the name the kind stands on.
fn find(table: &[&'static [&'static str]], word: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|forms| forms.contains(&word))
        .map(|forms| forms[0])
}

/// Whether a word in normal form is a kind of street that stands before the name: `VIA`, `PZZA`.
pub fn is_street_kind(word: &str) -> bool {
    find(BEFORE, word).is_some()
}

/// A street in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Street {
    kind: &'static str,
    name: String,
    number: Option<HouseNumber>,
}

impl Street {
    /// Reads a street, with or without a number; nothing when it is missing or a placeholder.
    pub fn of(raw: &str) -> Option<Street> {
        let raw = without_ordinals(raw);
        let mut words = split_numbers(normal::place_words(&joined_abbreviations(&raw)));
        let mut kind = "";
        if words.len() > 1
            && let Some(found) = find(BEFORE, &words[0])
        {
            kind = found;
            words.remove(0);
        }
        let number = take_number(&mut words, kind.is_empty());
        if kind.is_empty()
            && words.len() > 1
            && let Some(found) = words.last().and_then(|word| find(BEHIND, word))
        {
            kind = found;
            words.pop();
        }
        let name = normal::parts(&words).join(" ");
        let is_nothing = name.is_empty() || says_nothing(&words);
        (!is_nothing).then_some(Street { kind, name, number })
    }

    /// The kind as one word, empty when none is written: `VIALE`, `STREET`.
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// The name without the kind and the number.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number, when it stands with the street.
    pub fn number(&self) -> Option<&HouseNumber> {
        self.number.as_ref()
    }

    /// Kind and name.
    pub fn whole(&self) -> String {
        match self.kind {
            "" => self.name.clone(),
            kind => format!("{kind} {}", self.name),
        }
    }
}

/// `V.le` and `P.zza` are one word each, `Via G.Verdi` is three.
fn joined_abbreviations(raw: &str) -> String {
    let head = raw.trim_start();
    let end = head.find(char::is_whitespace).unwrap_or(head.len());
    let (first, rest) = head.split_at(end);
    let bare: String = first.chars().filter(|letter| *letter != '.').collect();
    match is_street_kind(&bare.to_uppercase()) {
        true => format!("{bare}{rest}"),
        false => raw.to_owned(),
    }
}

/// The marks of an ordinal or of "number" say nothing.
fn without_ordinals(raw: &str) -> String {
    raw.chars()
        .map(|letter| match letter {
            'º' | '°' | 'ª' | '№' | '#' => ' ',
            letter => letter,
        })
        .collect()
}

/// `12A` as `12` and `A`, so that it is told like `12/A`.
fn split_numbers(words: Vec<String>) -> Vec<String> {
    let mut split = Vec::with_capacity(words.len());
    for word in words {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        match digits > 0 && digits < word.len() && word.len() - digits <= 2 {
            true => {
                split.push(word[..digits].to_owned());
                split.push(word[digits..].to_owned());
            }
            false => split.push(word),
        }
    }
    split
}

/// The number behind the name, or in front of it where the kind does not come first.
fn take_number(words: &mut Vec<String>, may_lead: bool) -> Option<HouseNumber> {
    let is_number = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    if may_lead && words.len() > 1 && is_number(&words[0]) {
        let suffix = (words.len() > 2 && words[1].len() == 1).then(|| words[1].clone());
        let number = HouseNumber::build(&words[0], suffix.as_deref().unwrap_or(""))?;
        words.drain(..1 + usize::from(suffix.is_some()));
        return Some(number);
    }
    // From behind: what follows the last number and is short is its suffix.
    let place = words.iter().rposition(is_number)?;
    let suffix = words[place + 1..].concat();
    if place == 0 || suffix.len() > 4 {
        return None;
    }
    let number = HouseNumber::build(&words[place], &suffix)?;
    words.truncate(place);
    if words.len() > 1
        && matches!(
            words.last().map(String::as_str),
            Some("N" | "NR" | "NUM" | "NUMERO" | "CIV" | "NO")
        )
    {
        words.pop();
    }
    Some(number)
}

/// A house number: `12/A` and `12 a` are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HouseNumber {
    number: u32,
    suffix: String,
}

/// How two house numbers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HouseLevel {
    /// The same number and suffix.
    Same,
    /// The same number.
    SameNumber,
    /// Another number.
    Different,
}

impl HouseNumber {
    /// Reads a number; nothing when there is none (`SNC`, `N.D.`) or it is zero.
    pub fn of(raw: &str) -> Option<HouseNumber> {
        let words = split_numbers(normal::place_words(&without_ordinals(raw)));
        let place = words
            .iter()
            .position(|word| word.bytes().all(|byte| byte.is_ascii_digit()))?;
        let suffix: String = words[place + 1..].concat().chars().take(8).collect();
        HouseNumber::build(&words[place], &suffix)
    }

    fn build(number: &str, suffix: &str) -> Option<HouseNumber> {
        let number = number
            .parse()
            .ok()
            .filter(|number| (1..=999_999).contains(number))?;
        Some(HouseNumber {
            number,
            suffix: suffix.to_owned(),
        })
    }

    /// The number alone.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// What follows it: `A`, `BIS`, `2`, or nothing.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }
}

/// How two house numbers differ.
pub fn house_number(a: &HouseNumber, b: &HouseNumber) -> HouseLevel {
    match a.number == b.number {
        false => HouseLevel::Different,
        true if a.suffix == b.suffix => HouseLevel::Same,
        true => HouseLevel::SameNumber,
    }
}
