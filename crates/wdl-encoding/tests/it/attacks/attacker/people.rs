//! An invented population: skewed names, families, twins, people born elsewhere, and who has no valid code.

use super::homes;
use super::random::{Random, Ranks};

/// A person as the attacker knows it, every value in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Known {
    pub(crate) surname: String,
    pub(crate) given_name: String,
    /// Year, month, day.
    pub(crate) birth: (u16, u8, u8),
    pub(crate) sex: &'static str,
    pub(crate) birth_place: String,
    pub(crate) home: Home,
}

/// Where somebody lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Home {
    pub(crate) street: String,
    pub(crate) number: usize,
    pub(crate) post_code: &'static str,
    /// The number of the street.
    pub(crate) code: usize,
}

impl Known {
    /// The value of a field of a recipe or of a file, as the text that is cut.
    pub(crate) fn value(&self, field: &str) -> String {
        let (year, month, day) = self.birth;
        match field {
            "surname" => self.surname.clone(),
            "given_name" => self.given_name.clone(),
            "birth_date" => format!("{year:04}{month:02}{day:02}"),
            "sex" => self.sex.to_owned(),
            "birth_place" => self.birth_place.clone(),
            "street" => self.home.street.clone(),
            "house_number" => self.home.number.to_string(),
            "post_code" => self.home.post_code.to_owned(),
            // A code as fine as a street.
            "street_code" => format!("{}", 1_000 + self.home.code),
            other => panic!("people have no `{other}`"),
        }
    }
}

/// Who of a population is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Everybody.
    Everybody,
    /// So many in a hundred, those without a valid code: newborns, people born abroad, some mistyped codes.
    WithoutCode(usize),
}

/// A language's names, the commonest first.
struct Names {
    surnames: &'static str,
    male: &'static str,
    female: &'static str,
    places: &'static str,
}

const HERE: Names = Names {
    surnames: "FERRARI BARBIERI ROSSI BALDINI MONTANARI COSTA VACCARI GIBELLINI BERTONI GALLI LUGLI VENTURELLI BERGONZINI RIGHI SALA CORRADI MALAGOLI MORANDI GUERZONI BOSI CASARI PALTRINIERI RUSSO ESPOSITO BIANCHI MARTINELLI RICCI ROMANO GRANDI BENASSI MESSORI ZANASI BORSARI CAVAZZUTI REGGIANI MANFREDINI PELLACANI VANDELLI LEVONI BELLEI SOLA MORSELLI SERRI SIROTTI CONTI GRECO MARINO LOMBARDI FONTANA GATTI MORETTI CARUSO FERRARO RINALDI COLOMBO",
    male: "GIUSEPPE ANDREA MARCO FRANCESCO LUCA ALESSANDRO GIOVANNI ANTONIO PAOLO MATTEO STEFANO ROBERTO MARIO LORENZO DAVIDE LUIGI RICCARDO SIMONE FABIO FEDERICO MASSIMO CLAUDIO GIORGIO ENRICO FILIPPO CARLO FRANCO BRUNO TOMMASO LEONARDO MAURIZIO GABRIELE PIETRO GIANCARLO SERGIO NICOLA EDOARDO SAMUELE DANIELE MICHELE ANGELO EMANUELE GIANLUCA GIACOMO ALBERTO MATTIA UMBERTO CRISTIAN VITTORIO ELIA",
    female: "MARIA ANNA FRANCESCA GIULIA ELENA CHIARA LAURA SARA SILVIA PAOLA FEDERICA ELISA ROSA VALENTINA ANGELA GIOVANNA MARTINA CRISTINA MARGHERITA CARLA BARBARA LUCIA ALICE ELEONORA MONICA SOFIA ALESSIA BEATRICE DANIELA GIUSEPPINA ILARIA PATRIZIA CATERINA ROBERTA AURORA EMMA FRANCA MARTA STEFANIA LOREDANA RITA TERESA GINEVRA ANTONELLA SIMONA CLAUDIA GRETA ARIANNA NOEMI VIOLA",
    places: "MODENA SASSUOLO CARPI BOLOGNA FORMIGINE REGGIOEMILIA MIRANDOLA VIGNOLA PAVULLO CASTELFRANCO NAPOLI FINALE NONANTOLA MARANELLO SPILAMBERTO ROMA MILANO PALERMO SOLIERA FIORANO BOMPORTO CENTO FERRARA PARMA FOGGIA BARI SALERNO AVERSA CATANIA TORINO",
};

const ELSEWHERE: [Names; 5] = [
    Names {
        surnames: "POPA POPESCU IONESCU RUSU MUNTEANU CEBAN LUPU MORARU STAN RADU TUDOR COJOCARU SANDU BOTEZATU DUMITRU ENACHE",
        male: "IONUT MIHAI ANDREI FLORIN ADRIAN VASILE MARIAN SORIN VIOREL GHEORGHE",
        female: "MIHAELA ELENA IOANA CRISTINA NATALIA TATIANA MIRELA LILIANA VIORICA DANIELA",
        places: "ROMANIA MOLDAVIA",
    },
    Names {
        surnames: "HOXHA SHEHU PRIFTI DERVISHI GJONI LEKA KOLA BERISHA MARKU HYSA",
        male: "ARBEN ARTAN ERION ILIR GENTIAN FATMIR ENDRIT KLAUDIO",
        female: "ELIRA MIRELA ALBANA VALBONA ERMIRA FATBARDHA ENKELEDA ANXHELA",
        places: "ALBANIA KOSOVO",
    },
    Names {
        surnames: "BENALI AMRANI ALAOUI IDRISSI BENNANI TAZI MANSOURI TRABELSI JAZIRI HAMDI GHARBI CHERIF OUAHBI",
        male: "MOHAMED AHMED YOUSSEF RACHID MUSTAPHA HASSAN KARIM ALI OMAR BILAL",
        female: "FATIMA KHADIJA AICHA NADIA HANANE AMINA SAMIRA LEILA ZAHRA IMANE",
        places: "MAROCCO TUNISIA ALGERIA",
    },
    Names {
        surnames: "MENSAH OWUSU BOATENG ASANTE OSEI APPIAH ADJEI ADDO OKAFOR EZE OKORO OSAGIE",
        male: "KWAME KOFI EMMANUEL KWASI YAW SAMUEL JOSEPH ISAAC CHIDI FESTUS",
        female: "AMA ABENA AKUA ESTHER GRACE COMFORT JOY BLESSING PATIENCE MERCY",
        places: "GHANA NIGERIA",
    },
    Names {
        surnames: "HU CHEN WANG ZHANG LIN ZHOU WU XU YE PAN LI LIU SINGH KAUR KHAN HUSSAIN AHMED MALIK",
        male: "WEI JUN MING XIAO JIAN HAO LEI IMRAN ASIF TARIQ",
        female: "LI YAN MEI XIU FANG HUA LAN SADIA NASREEN AMINA",
        places: "CINA PAKISTAN INDIA",
    },
];

/// The year in which the population is looked at.
pub(super) const NOW: u16 = 2026;
/// The share of people born abroad.
const ABROAD: f64 = 0.16;
/// Of a hundred births, those with a twin.
const TWIN: f64 = 0.015;
/// Distinct surnames made of syllables, beside the common ones.
const RARE_SURNAMES: usize = 6_000;

/// Draws the people of one origin.
struct Origin {
    surnames: Vec<String>,
    surname_ranks: Ranks,
    given: [Vec<&'static str>; 2],
    given_ranks: [Ranks; 2],
    places: Vec<&'static str>,
    place_ranks: Ranks,
}

impl Origin {
    fn new(names: &Names, rare: Vec<String>) -> Origin {
        let list = |names: &'static str| names.split(' ').collect::<Vec<_>>();
        let mut surnames: Vec<String> = list(names.surnames)
            .into_iter()
            .map(str::to_owned)
            .collect();
        surnames.extend(rare);
        let given = [list(names.male), list(names.female)];
        let places = list(names.places);
        Origin {
            surname_ranks: Ranks::new(surnames.len(), 6.0, 0.9),
            surnames,
            given_ranks: [0, 1].map(|sex: usize| Ranks::new(given[sex].len(), 2.0, 0.9)),
            given,
            place_ranks: Ranks::new(places.len(), 0.6, 1.6),
            places,
        }
    }

    fn given_name(&self, sex: usize, random: &mut Random) -> String {
        let first = self.given[sex][self.given_ranks[sex].draw(random)];
        match random.chance(0.08) {
            true => format!(
                "{first}{}",
                self.given[sex][self.given_ranks[sex].draw(random)]
            ),
            false => first.to_owned(),
        }
    }

    fn surname(&self, random: &mut Random) -> String {
        self.surnames[self.surname_ranks.draw(random)].clone()
    }

    fn place(&self, random: &mut Random) -> String {
        self.places[self.place_ranks.draw(random)].to_owned()
    }
}

/// Surnames of two to four syllables.
fn rare_surnames(random: &mut Random) -> Vec<String> {
    const STARTS: &str = "BA BE BO CA CO DA DE FA FE GA GO LA LE LO MA ME MO NA PA PE PI RA RI RO SA SO TA TO VA VE ZA BRA CRE FRA GUI SCA STE TRE";
    const MIDDLES: &str = "RA LE NI TO SSA ZZO LLI RDE NTA MBO GNA RI VA LO CCHI STRO NDI RGO";
    const ENDS: &str = "NI LI TTI RI NO SI LLI ZZI NINI TI RDI LO NA SSI RO CCHI";
    let parts = |list: &'static str| list.split(' ').collect::<Vec<_>>();
    let (starts, middles, ends) = (parts(STARTS), parts(MIDDLES), parts(ENDS));
    let mut one = |list: &[&'static str]| list[random.below(list.len())];
    let names = (0..RARE_SURNAMES).map(|nth| match nth % 3 {
        0 => format!("{}{}", one(&starts), one(&ends)),
        1 => format!("{}{}{}", one(&starts), one(&middles), one(&ends)),
        _ => format!(
            "{}{}{}{}",
            one(&starts),
            one(&middles),
            one(&middles),
            one(&ends)
        ),
    });
    names.collect()
}

/// So many people, the same for the same seed.
pub(crate) fn population(count: usize, seed: u64) -> Vec<Known> {
    let random = &mut Random::new(seed);
    let rare = rare_surnames(random);
    let here = Origin::new(&HERE, rare);
    let elsewhere = ELSEWHERE
        .each_ref()
        .map(|names| Origin::new(names, Vec::new()));
    let mut people: Vec<Known> = Vec::with_capacity(count);
    while people.len() < count {
        let born_abroad = random.chance(ABROAD);
        let origin = match born_abroad {
            true => &elsewhere[random.below(elsewhere.len())],
            false => &here,
        };
        let mut person = newcomer(origin, &people, random);
        if born_abroad && random.chance(0.25) {
            // Born here of parents from elsewhere.
            person.birth_place = here.place(random);
        }
        if random.chance(TWIN) && people.len() + 1 < count {
            people.push(twin(&person, origin, random));
        }
        people.push(person);
    }
    homes::give(&mut people, seed);
    people
}

fn newcomer(origin: &Origin, others: &[Known], random: &mut Random) -> Known {
    let birth = birth(random);
    let sex = random.below(2);
    // A child has the surname of somebody 20 to 45 years older, when one is met in a few tries.
    let parent = match random.chance(0.5) && !others.is_empty() {
        true => (0..8)
            .map(|_| &others[random.below(others.len())])
            .find(|other| {
                (20..45).contains(&birth.0.saturating_sub(other.birth.0))
                    && origin.surnames.contains(&other.surname)
            }),
        false => None,
    };
    Known {
        surname: parent.map_or_else(|| origin.surname(random), |parent| parent.surname.clone()),
        given_name: origin.given_name(sex, random),
        birth,
        sex: ["M", "F"][sex],
        birth_place: origin.place(random),
        home: Home::default(),
    }
}

fn twin(of: &Known, origin: &Origin, random: &mut Random) -> Known {
    let sex = random.below(2);
    let given_name = loop {
        let name = origin.given_name(sex, random);
        if name != of.given_name {
            break name;
        }
    };
    Known {
        given_name,
        sex: ["M", "F"][sex],
        ..of.clone()
    }
}

/// A day of birth under a pyramid of ages that is widest at fifty.
fn birth(random: &mut Random) -> (u16, u8, u8) {
    let age = loop {
        let age = random.below(100);
        let share = match age {
            0..50 => 0.5 + age as f64 / 100.0,
            _ => 1.0 - (age - 50) as f64 / 50.0,
        };
        if random.chance(share) {
            break age;
        }
    };
    let month = 1 + random.below(12) as u8;
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][usize::from(month) - 1];
    (NOW - age as u16, month, 1 + random.below(days) as u8)
}

/// Those of a population that are encoded.
pub(crate) fn encoded(people: Vec<Known>, who: Who, seed: u64) -> Vec<Known> {
    let Who::WithoutCode(of_a_hundred) = who else {
        return people;
    };
    let count = people.len() * of_a_hundred / 100;
    let random = &mut Random::new(seed);
    // A newborn waits for the code; a person born abroad often has a provisional one; anybody's may be mistyped.
    let mut drawn: Vec<(f64, usize)> = people
        .iter()
        .enumerate()
        .map(|(nth, person)| {
            let is_foreign = ELSEWHERE.iter().any(|names| {
                names
                    .places
                    .split(' ')
                    .any(|place| place == person.birth_place)
            });
            let weight = match () {
                () if person.birth.0 == NOW => 40.0,
                () if is_foreign => 6.0,
                () => 0.4,
            };
            // The smallest of exponential waits (Efraimidis, Spirakis 2006).
            (-random.unit().max(f64::MIN_POSITIVE).ln() / weight, nth)
        })
        .collect();
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut chosen: Vec<usize> = drawn[..count].iter().map(|(_, nth)| *nth).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|nth| people[nth].clone()).collect()
}

/// The same people as another body has them: of four one with a letter of a name or a digit of the day of birth changed, or moved elsewhere.
pub(crate) fn mistaken(people: &[Known], seed: u64) -> Vec<Known> {
    const MISTAKEN: f64 = 0.25;
    let random = &mut Random::new(seed);
    let mut others = people.to_vec();
    for other in &mut others {
        if !random.chance(MISTAKEN) {
            continue;
        }
        let home = people[random.below(people.len())].home.clone();
        match random.below(4) {
            0 => other.home = home,
            1 => other.birth.2 = 1 + random.below(28) as u8,
            field => {
                let name = match field {
                    2 => &mut other.surname,
                    _ => &mut other.given_name,
                };
                let place = random.below(name.len());
                name.replace_range(place..=place, "X");
            }
        }
    }
    others
}
