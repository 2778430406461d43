//! Names of invented people, and the canaries of the leak tests.
//!
//! Surnames are drawn from common ones and from syllables, so that homonyms arise as they do in a registry.

use crate::random::Draw;

/// Twelve-letter surnames planted in the city, found nowhere else in the world: a leak test searches for them.
pub const CANARIES: [&str; 12] = [
    "ZQXKANARINOA",
    "ZQXKANARINOB",
    "ZQXKANARINOC",
    "ZQXKANARINOD",
    "ZQXKANARINOE",
    "ZQXKANARINOF",
    "ZQXKANARINOG",
    "ZQXKANARINOH",
    "ZQXKANARINOI",
    "ZQXKANARINOJ",
    "ZQXKANARINOK",
    "ZQXKANARINOL",
];

struct Family {
    surnames: &'static str,
    male: &'static str,
    female: &'static str,
}

const FAMILIES: [Family; 10] = [
    Family {
        surnames: "ROSSI FERRARI BIANCHI BARBIERI MONTANARI BALDINI COSTA LUGLI VENTURELLI VACCARI SALA GOLINELLI MALAGOLI BERTONI GHERARDI ZANASI CAVAZZUTI BORSARI PELLACANI MESSORI BELLEI GIBELLINI RICCHI BOSI FERRARINI GOZZI MORSELLI RIGHI MUZZIOLI PALTRINIERI MANFREDINI MARTINELLI CORRADI GUERZONI GRANDI GALLI CASARI BARALDI REGGIANI CARRETTI LEVONI VANDELLI TONI BENASSI RUSSO ESPOSITO ROMANO COLOMBO RICCI MARINO GRECO GALLO CONTI MANCINI GIORDANO RIZZO LOMBARDI MORETTI D'ANGELO DELL'ORTO D'AMICO NICOLÒ FORTÈ",
        male: "GIUSEPPE GIOVANNI ANTONIO MARIO LUIGI FRANCESCO ANGELO PIETRO CARLO FRANCO BRUNO PAOLO MICHELE GIORGIO SERGIO MARCO ANDREA ALESSANDRO LUCA MATTEO LORENZO DAVIDE SIMONE FEDERICO RICCARDO STEFANO ROBERTO MASSIMO FABIO CLAUDIO MAURIZIO ENRICO NICOLA FILIPPO GABRIELE TOMMASO LEONARDO EDOARDO DIEGO MATTIA SAMUELE NICCOLÒ",
        female: "MARIA ANNA GIUSEPPINA ROSA ANGELA GIOVANNA TERESA LUCIA CATERINA FRANCESCA CARLA ELENA RITA MARGHERITA FRANCA PAOLA LAURA SILVIA CHIARA SARA GIULIA MARTINA FEDERICA VALENTINA ELISA ALESSIA ELEONORA ILARIA SOFIA AURORA GINEVRA ALICE BEATRICE EMMA CRISTINA BARBARA MONICA SIMONA DANIELA PATRIZIA ROBERTA STEFANIA",
    },
    Family {
        surnames: "POPESCU IONESCU DUMITRU STAN RADU MARIN TUDOR ENACHE MUNTEANU RUSU CEBAN COJOCARU LUPU MORARU SANDU BOTEZATU",
        male: "IONUT MARIAN FLORIN MIHAI ANDREI VASILE GHEORGHE VIOREL ADRIAN SORIN",
        female: "MIHAELA MIRELA ELENA DANIELA IOANA CRISTINA NATALIA TATIANA LILIANA VIORICA",
    },
    Family {
        surnames: "HOXHA SHEHU PRIFTI DERVISHI GJONI LEKA KOLA BERISHA MARKU YILMAZ KAYA DEMIR CELIK SAHIN",
        male: "ARBEN ARTAN ERION ILIR GENTIAN FATMIR AHMET MEHMET MURAT EMRE",
        female: "ELIRA MIRELA ALBANA VALBONA ERMIRA FATBARDHA AYSE FATMA ZEYNEP ELIF",
    },
    Family {
        surnames: "EL-AMRANI BENALI OUAHBI BENNANI ALAOUI IDRISSI TAZI MANSOURI TRABELSI BENSALAH JAZIRI HAMDI GHARBI CHERIF",
        male: "MOHAMED AHMED YOUSSEF RACHID MUSTAPHA HASSAN KARIM ALI OMAR BILAL",
        female: "FATIMA KHADIJA AICHA NADIA HANANE AMINA SAMIRA LEILA ZAHRA IMANE",
    },
    Family {
        surnames: "MENSAH OWUSU BOATENG ASANTE OSEI APPIAH ADJEI ADDO OKAFOR EZE OKORO OSAGIE EFOSA IGBINOSA",
        male: "KWAME KOFI EMMANUEL KWASI YAW SAMUEL JOSEPH ISAAC CHIDI FESTUS",
        female: "AMA ABENA AKUA ESTHER GRACE COMFORT JOY BLESSING PATIENCE MERCY",
    },
    Family {
        surnames: "SHEVCHENKO KOVALENKO BONDARENKO TKACHENKO KRAVCHENKO OLIYNYK MELNYK KOVALCHUK NOWAK KOWALSKI WISNIEWSKI LEWANDOWSKI",
        male: "OLEKSANDR VOLODYMYR ANDRIY MYKOLA IVAN SERHIY PIOTR TOMASZ",
        female: "OKSANA NATALIYA LYUDMYLA OLENA IRYNA HALYNA SVITLANA ANNA KATARZYNA",
    },
    Family {
        surnames: "SANTOS REYES CRUZ BAUTISTA GARCIA MENDOZA TORRES CASTILLO VILLANUEVA DELACRUZ RAMOS AQUINO",
        male: "JOSE CARLITO RAMON ROMEO EDGAR JEROME MARLON RONALD",
        female: "MARICEL ROSALIE JOCELYN GLORIA MARILOU CHERRY ANALYN MARY",
    },
    Family {
        surnames: "HU CHEN WANG ZHANG LIN ZHOU WU XU YE PAN LI LIU",
        male: "WEI JUN MING XIAO JIAN HAO LEI BIN",
        female: "LI YAN MEI XIU FANG HUA LAN QING",
    },
    Family {
        surnames: "SINGH KAUR KHAN HUSSAIN AHMED MALIK IQBAL BUTT KUMAR SHARMA FERNANDO PERERA SILVA BANDARA",
        male: "RAJINDER IMRAN MUHAMMAD ASIF TARIQ SUNIL NIMAL KAMAL ALI USMAN",
        female: "GURPREET AMINA SADIA NASREEN SUNITA KUMARI NILMINI RUKHSANA",
    },
    Family {
        surnames: "MÜLLER SCHMIDT WEBER DUBOIS MOREAU LAURENT SILVA SOUZA OLIVEIRA PEREIRA COSTA",
        male: "JÜRGEN THOMAS PIERRE LUC RENÉ PAULO LUCAS RAFAEL",
        female: "HEIKE SABINE CLAIRE HÉLÈNE SOPHIE ANA JULIANA CAMILA",
    },
];

const STARTS: &str = "BA BE BI BO BRA CA CE CHI CO CRE DA DE DO FA FE FIO FRA GA GHE GI GRA LA LE LO LU MA ME MI MO MU NA NE NI PA PE PI PO PRA RA RE RI RO RU SA SE SI SO STA STE TA TE TO TRA VA VE VI VO ZA ZE ZI ZO";
const MIDDLES: &str = "BA BE LA LE LI MA ME NA NE RA RE RI SA SE TA TE VA VE ZA";
const ENDS: &str = "NI RI LI TTI NELLI RINI LINI ZZI CCHI NTI RDI LDI TINI GHI SSI STRI VANI LLA NO LETTI ZZONI RANI";

/// The names a city can give.
pub(crate) struct Names {
    /// For each family of names: surnames.
    surnames: Vec<Vec<String>>,
    male: Vec<Vec<&'static str>>,
    female: Vec<Vec<&'static str>>,
}

impl Names {
    /// The lists, opened.
    pub(crate) fn new() -> Names {
        let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        let own = |text: &'static str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut surnames: Vec<Vec<String>> =
            FAMILIES.iter().map(|family| own(family.surnames)).collect();
        for start in STARTS.split(' ') {
            for middle in std::iter::once("").chain(MIDDLES.split(' ')) {
                surnames[0].extend(ENDS.split(' ').map(|end| format!("{start}{middle}{end}")));
            }
        }
        Names {
            surnames,
            male: FAMILIES.iter().map(|family| words(family.male)).collect(),
            female: FAMILIES.iter().map(|family| words(family.female)).collect(),
        }
    }

    /// A surname, the common ones more often.
    pub(crate) fn surname(&self, family: usize, draw: &mut Draw) -> (u8, u16) {
        let list = &self.surnames[family];
        let place = match family == 0 && !draw.chance(0.35) {
            true => draw.below(list.len()),
            false => {
                let skew = draw.unit();
                ((skew * skew) * list.len().min(63) as f64) as usize
            }
        };
        (family as u8, place as u16)
    }

    /// One given name or two, as indices plus one; zero is none.
    pub(crate) fn given(&self, family: usize, male: bool, draw: &mut Draw) -> [u8; 2] {
        let count = match male {
            true => self.male[family].len(),
            false => self.female[family].len(),
        };
        let first = draw.below(count);
        let second = draw.below(count);
        match draw.chance(0.14) && second != first {
            true => [first as u8 + 1, second as u8 + 1],
            false => [first as u8 + 1, 0],
        }
    }

    /// The surname as written.
    pub(crate) fn surname_text(&self, surname: (u8, u16)) -> &str {
        match surname {
            (u8::MAX, canary) => CANARIES[usize::from(canary) % CANARIES.len()],
            (family, place) => &self.surnames[usize::from(family)][usize::from(place)],
        }
    }

    /// The given names as written.
    pub(crate) fn given_text(&self, family: usize, male: bool, given: [u8; 2]) -> String {
        let list = if male {
            &self.male[family]
        } else {
            &self.female[family]
        };
        let word = |index: u8| list[usize::from(index) - 1];
        match given {
            [first, 0] => word(first).to_owned(),
            [first, second] => format!("{} {}", word(first), word(second)),
        }
    }
}
