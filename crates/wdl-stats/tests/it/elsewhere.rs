//! The models of small areas against another route: what `scripts/reference-areas` prints, which is R 4.2.2 with nlme 3.1-162, whole matrices and R's own quadrature.
//!
//! For areas, nlme holds the sampling variances (`sigma = 1`) for ML, and `uniroot` solves the score of the restricted likelihood and the equation of the moments; for people nlme gives the variances, and the expectations are integrals of each person, where the kernel has closed forms.
//! The invented data come out of a generator whose every product is exact, the same in both programs.

use wdl_stats::Resampling;
use wdl_stats::areas::{
    Asked, Covariates, Direct, Method, Population, Poverty, Transformation, Transformed, Units,
    fay_herriot, poverty,
};

/// Lehmer's generator, as the script has it.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = 48_271 * self.0 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }

    fn bell(&mut self) -> f64 {
        (self.next() + self.next() + self.next() + self.next() - 2.0) * 3f64.sqrt()
    }
}

const SEED: u64 = 20_261_126;
const AREAS: usize = 30;

/// Direct estimates with two covariates.
fn areas(draws: &mut Draws) -> (Vec<Option<Direct>>, Covariates) {
    let (mut direct, mut x) = (Vec::new(), Vec::new());
    for _ in 0..AREAS {
        let (one, two) = (draws.next(), draws.next());
        let variance = 0.1 + 0.9 * draws.next();
        let line = 1.0 + 2.0 * one - two + 0.6 * draws.bell();
        direct.push(Direct::new(line + variance.sqrt() * draws.bell(), variance));
        x.extend([1.0, one, two]);
    }
    (direct, Covariates::new(3, x))
}

/// The people of some areas: area, covariates, weight, income.
#[derive(Default)]
struct People {
    areas: Vec<u32>,
    x: Vec<f64>,
    weights: Vec<f64>,
    incomes: Vec<f64>,
}

impl People {
    fn put(&mut self, draws: &mut Draws, rows: u32, area: u32, effect: f64) {
        for _ in 0..rows {
            let works = f64::from(u8::from(draws.next() < 0.6));
            let age = (40.0 * draws.next()).floor();
            self.areas.push(area);
            self.x.extend([1.0, works, age]);
            self.weights.push(1.0 + (4.0 * draws.next()).floor());
            let line = 9.0 + 0.4 * works + 0.01 * age + effect + 0.5 * draws.bell();
            self.incomes.push(line.exp());
        }
    }

    fn covariates(&self) -> Covariates {
        Covariates::new(3, self.x.clone())
    }
}

/// Twelve areas, the last without sample.
fn answer(transformation: Transformation, is_weighted: bool, replicates: u32) -> Poverty {
    let mut draws = Draws(SEED);
    areas(&mut draws);
    let effects: Vec<f64> = (0..12).map(|_| 0.3 * draws.bell()).collect();
    let (mut sample, mut register) = (People::default(), People::default());
    for (area, effect) in (0..11).zip(&effects) {
        sample.put(&mut draws, 4 + 3 * ((area + 1) % 4), area, *effect);
    }
    for (area, effect) in (0..12).zip(&effects) {
        register.put(&mut draws, 20 + 5 * (area + 1), area, *effect);
    }
    let weights = match is_weighted {
        true => sample.weights.clone(),
        false => vec![1.0; sample.areas.len()],
    };
    let units = Units::new(
        &sample.areas,
        &sample.covariates(),
        &sample.incomes,
        &weights,
    );
    let population = Population::new(12, &register.areas, &register.covariates());
    let asked = Asked {
        threshold: 9_000.0,
        transformation,
        resampling: Resampling {
            replicates,
            seed: 1,
        },
    };
    poverty(&units, &population, &asked).unwrap()
}

fn near(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    let misses = got.iter().zip(want);
    let miss = misses.map(|(got, want)| ((got - want) / want).abs());
    let worst = miss.fold(0.0, f64::max);
    println!("{what}: {worst:.1e}");
    assert!(worst <= tolerance, "{what}: {worst:e}\n{got:?}\n{want:?}");
}

fn estimates(answer: &Poverty, measure: usize) -> Vec<f64> {
    let own = answer.areas.iter();
    own.map(|area| area.unwrap().estimates[measure]).collect()
}

#[test]
fn areas_are_as_nlme_and_the_equation_of_moments_have_them() {
    let (direct, x) = areas(&mut Draws(SEED));
    let cases = [
        (Method::Ml, &ML, &ML_ESTIMATES, &ML_MSE),
        (Method::Reml, &REML, &REML_ESTIMATES, &REML_MSE),
        (
            Method::FayHerriot,
            &MOMENTS,
            &MOMENTS_ESTIMATES,
            &MOMENTS_MSE,
        ),
    ];
    for (method, of_model, of_areas, of_errors) in cases {
        let got = fay_herriot(&direct, &x, method).unwrap();
        let own: Vec<f64> = std::iter::once(got.variance)
            .chain(got.coefficients.iter().copied())
            .collect();
        let areas: Vec<_> = got.areas.iter().map(|area| area.unwrap()).collect();
        let estimates: Vec<f64> = areas.iter().map(|area| area.estimate).collect();
        let errors: Vec<f64> = areas.iter().map(|area| area.mse).collect();
        near(
            &format!("{method:?}, model"),
            &own,
            of_model,
            TOLERANCE_MODEL,
        );
        near(
            &format!("{method:?}, areas"),
            &estimates,
            of_areas,
            TOLERANCE_MODEL,
        );
        near(
            &format!("{method:?}, errors"),
            &errors,
            of_errors,
            TOLERANCE_MODEL,
        );
    }
}

#[test]
fn people_are_as_nlme_and_quadrature_have_them() {
    let got = answer(Transformation::Log, false, 0);
    let own = [got.model.between, got.model.within];
    near("variances", &own, &VARIANCES, TOLERANCE_PEOPLE);
    near(
        "coefficients",
        &got.model.coefficients,
        &COEFFICIENTS,
        TOLERANCE_PEOPLE,
    );
    for (measure, want) in [RATE, GAP, SEVERITY, MEAN].iter().enumerate() {
        near(
            &format!("measure {measure}"),
            &estimates(&got, measure),
            want,
            TOLERANCE_PEOPLE,
        );
    }
}

#[test]
fn people_with_weights_are_as_the_equations_of_you_and_rao_have_them() {
    let got = answer(Transformation::Log, true, 0);
    near(
        "coefficients",
        &got.model.coefficients,
        &WEIGHTED_COEFFICIENTS,
        TOLERANCE_PEOPLE,
    );
    let wanted = [
        WEIGHTED_RATE,
        WEIGHTED_GAP,
        WEIGHTED_SEVERITY,
        WEIGHTED_MEAN,
    ];
    for (measure, want) in wanted.iter().enumerate() {
        near(
            &format!("measure {measure}"),
            &estimates(&got, measure),
            want,
            TOLERANCE_PEOPLE,
        );
    }
}

#[test]
fn the_power_is_that_of_the_likelihood_of_nlme() {
    let got = answer(Transformation::BoxCox, false, 0);
    let Transformed::Power { power } = got.model.scale else {
        panic!("a power: {:?}", got.model.scale);
    };
    // The top of the likelihood is flat: half the digits, and those of the interval that is searched.
    assert!((power - POWER).abs() < 2e-5, "{power}");
    for (measure, want) in [POWER_RATE, POWER_GAP, POWER_SEVERITY, POWER_MEAN]
        .iter()
        .enumerate()
    {
        near(
            &format!("measure {measure}"),
            &estimates(&got, measure),
            want,
            1e-5,
        );
    }
}

#[test]
fn the_errors_are_those_of_another_bootstrap() {
    let got = answer(Transformation::Log, false, 1_000);
    let errors: Vec<f64> = got
        .areas
        .iter()
        .map(|area| area.unwrap().mse.unwrap()[0])
        .collect();
    // 4,000 replicates there and 1,000 here: chance alone moves each by 5 %.
    near("errors", &errors, &RATE_MSE, 0.2);
    let (own, other): (f64, f64) = (errors.iter().sum(), RATE_MSE.iter().sum());
    assert!((own / other - 1.0).abs() < 0.05, "{own} {other}");
}

/// Relative; nlme stops where its likelihood is flat.
const TOLERANCE_MODEL: f64 = 1e-6;
/// The same for people.
const TOLERANCE_PEOPLE: f64 = 1e-5;

/// The power of Box and Cox.
const POWER: f64 = 0.00717823143786;
/// Variance between areas, coefficients.
const ML: [f64; 4] = [
    0.292867055214,
    0.776620571762,
    2.19028313512,
    -1.09459549375,
];
/// By area.
const ML_ESTIMATES: [f64; 30] = [
    1.45557599012,
    2.67684682647,
    0.313843172383,
    0.787555798333,
    0.640949457538,
    1.90361222378,
    0.778021825133,
    -0.0833518702288,
    2.21484429175,
    1.13732045459,
    1.13750445744,
    0.856950396743,
    0.464290269103,
    0.890413281416,
    0.831048518483,
    0.798541658585,
    1.58082397449,
    1.56299765129,
    1.63711826467,
    0.948004206947,
    2.53038702564,
    0.278019205208,
    -0.124055526326,
    2.22999004096,
    2.63997879728,
    1.48476256943,
    1.18976610987,
    2.34672535125,
    2.19552840344,
    1.27541620424,
];
/// By area.
const ML_MSE: [f64; 30] = [
    0.339367467397,
    0.378490071506,
    0.33908879694,
    0.405252980265,
    0.318899137209,
    0.0944430469537,
    0.333119935502,
    0.107316637948,
    0.237717569185,
    0.141791283186,
    0.31085926298,
    0.30399162832,
    0.311459135735,
    0.258819294283,
    0.295251519406,
    0.239927280594,
    0.334322199614,
    0.292665954874,
    0.11264724979,
    0.152408978225,
    0.368273335887,
    0.328402395619,
    0.406828170014,
    0.317061561155,
    0.368801006259,
    0.241345545612,
    0.327219492718,
    0.238470366358,
    0.367876917341,
    0.13174704373,
];
/// Variance between areas, coefficients.
const REML: [f64; 4] = [
    0.367500537746,
    0.747507921215,
    2.22359666391,
    -1.05069681333,
];
/// By area.
const REML_ESTIMATES: [f64; 30] = [
    1.43614289326,
    2.69204909807,
    0.306109119596,
    0.786152736079,
    0.618650021884,
    1.90138329196,
    0.665984296564,
    -0.126211662156,
    2.31207276417,
    1.08415188457,
    1.19831438923,
    0.865985346228,
    0.404501580939,
    0.907861383073,
    0.855918938997,
    0.839144337581,
    1.55526236444,
    1.54381335715,
    1.67141357323,
    0.950707845526,
    2.56590097787,
    0.220583316914,
    -0.107840951122,
    2.27974056725,
    2.67186235432,
    1.50032590914,
    1.28025100959,
    2.34216898427,
    2.27348278668,
    1.26909722805,
];
/// By area.
const REML_MSE: [f64; 30] = [
    0.340021581849,
    0.37947909289,
    0.337896958726,
    0.403794353093,
    0.320454394201,
    0.0904679679947,
    0.331720118718,
    0.102750076097,
    0.233974567819,
    0.134925955639,
    0.311234800496,
    0.304323904241,
    0.310029516768,
    0.252511783085,
    0.293972179165,
    0.233621998796,
    0.332399695481,
    0.290070269123,
    0.108242138819,
    0.146685651848,
    0.369761369956,
    0.329735198426,
    0.406982024723,
    0.315303034488,
    0.370293465734,
    0.234688620987,
    0.329014462214,
    0.230233897956,
    0.36815053184,
    0.126874152171,
];
/// Variance between areas, coefficients.
const MOMENTS: [f64; 4] = [
    0.327320653234,
    0.762367041258,
    2.20653058826,
    -1.07300501183,
];
/// By area.
const MOMENTS_ESTIMATES: [f64; 30] = [
    1.4461516706,
    2.68428083404,
    0.310039342871,
    0.786427018978,
    0.630484086655,
    1.9025550004,
    0.724176957258,
    -0.104854599932,
    2.26227639164,
    1.11099140612,
    1.16687763419,
    0.861432267045,
    0.436004747584,
    0.898752255747,
    0.843056029309,
    0.818632097079,
    1.5683702089,
    1.55367866178,
    1.65444917477,
    0.949512207691,
    2.54772788552,
    0.25073341947,
    -0.116003308303,
    2.25433848263,
    2.65535071937,
    1.49221139463,
    1.2329000937,
    2.34447342656,
    2.23337652219,
    1.27233959093,
];
/// By area.
const MOMENTS_MSE: [f64; 30] = [
    0.319172146692,
    0.357655240665,
    0.320197691284,
    0.383978654635,
    0.299162188383,
    0.0913227965361,
    0.314526757213,
    0.103565740377,
    0.226307918116,
    0.136005772548,
    0.292845856568,
    0.286151773499,
    0.294763627912,
    0.246210862439,
    0.278892160818,
    0.228737288751,
    0.316018651393,
    0.277039925949,
    0.108765768599,
    0.146420003138,
    0.347700495131,
    0.308319697508,
    0.385804327806,
    0.300329982427,
    0.347847282694,
    0.229884087371,
    0.306677010747,
    0.227286096762,
    0.348321935344,
    0.126938773742,
];
/// Between and within areas.
const VARIANCES: [f64; 2] = [0.0596183132547, 0.282625787996];
/// Of the line.
const COEFFICIENTS: [f64; 3] = [8.95958359932, 0.477663852003, 0.00982383839688];
/// Of the weighted line.
const WEIGHTED_COEFFICIENTS: [f64; 3] = [8.9909469961, 0.411744673084, 0.00961298755917];
/// By area.
const RATE: [f64; 12] = [
    0.126648434781,
    0.218206947471,
    0.231530872434,
    0.290694755267,
    0.274894886019,
    0.316478689741,
    0.375502277412,
    0.344972516023,
    0.418304094497,
    0.187004353058,
    0.528916661415,
    0.268566425038,
];
/// By area.
const GAP: [f64; 12] = [
    0.0310169061711,
    0.0588094661547,
    0.0630706834962,
    0.0841247150274,
    0.0791447967667,
    0.0933379986511,
    0.117783429582,
    0.105232522561,
    0.137757620626,
    0.0486734470495,
    0.18903541492,
    0.078688463467,
];
/// By area.
const SEVERITY: [f64; 12] = [
    0.0113922412902,
    0.0230782959221,
    0.0249736183828,
    0.0348322051047,
    0.0326468936548,
    0.039127208527,
    0.0514794169914,
    0.0451336581163,
    0.0624704395678,
    0.0186522986025,
    0.0902853562962,
    0.0330263371847,
];
/// By area.
const MEAN: [f64; 12] = [
    22183.9721364,
    17622.0096292,
    16876.5607307,
    15101.4593241,
    15702.8287008,
    14325.5321415,
    13174.7952507,
    13924.1022135,
    12313.1102737,
    18648.6239849,
    10351.7053752,
    16244.0403366,
];
/// By area.
const WEIGHTED_RATE: [f64; 12] = [
    0.127805430779,
    0.254228828712,
    0.226758176824,
    0.315039887372,
    0.273141984037,
    0.285187405279,
    0.361351812961,
    0.32556778814,
    0.413044792464,
    0.209400506011,
    0.492175989635,
    0.275128415425,
];
/// By area.
const WEIGHTED_GAP: [f64; 12] = [
    0.030834233618,
    0.0701982942126,
    0.0604689286251,
    0.0920299319549,
    0.0775480164823,
    0.0805458528394,
    0.110060120527,
    0.0961963329782,
    0.133384195107,
    0.0550577672571,
    0.167825584066,
    0.0799028567747,
];
/// By area.
const WEIGHTED_SEVERITY: [f64; 12] = [
    0.0111896409275,
    0.0280115669332,
    0.0235439715296,
    0.0382869375239,
    0.0316381502744,
    0.0326943595886,
    0.0470497472773,
    0.0402916245313,
    0.0595584537378,
    0.0212323167395,
    0.0774930371948,
    0.0332597500811,
];
/// By area.
const WEIGHTED_MEAN: [f64; 12] = [
    21707.0572609,
    16135.305224,
    16800.6080268,
    14338.8580809,
    15617.20619,
    14988.5421619,
    13326.1412993,
    14210.6122353,
    12329.1694399,
    17476.2214196,
    10887.2107305,
    15853.3348643,
];
/// By area.
const POWER_RATE: [f64; 12] = [
    0.126096755145,
    0.217306988944,
    0.231174093526,
    0.290109771256,
    0.274140762993,
    0.315660100178,
    0.375113139243,
    0.344240409689,
    0.417640756482,
    0.18661274239,
    0.528391894701,
    0.267996066276,
];
/// By area.
const POWER_GAP: [f64; 12] = [
    0.0309482993069,
    0.0586842681014,
    0.0631388921472,
    0.0841652931934,
    0.0791091527032,
    0.0933093106998,
    0.117981205574,
    0.105261847161,
    0.13788639611,
    0.0486943245989,
    0.18934736679,
    0.0787232245501,
];
/// By area.
const POWER_SEVERITY: [f64; 12] = [
    0.0113969448989,
    0.0230875461583,
    0.0250751695149,
    0.0349499446113,
    0.0327218404361,
    0.0392224289341,
    0.0517226712396,
    0.0452740117399,
    0.0627103398245,
    0.018714676076,
    0.0907032463845,
    0.0331384477496,
];
/// By area.
const POWER_MEAN: [f64; 12] = [
    22151.9547767,
    17618.5167717,
    16857.6821219,
    15094.6749055,
    15699.1768781,
    14326.4630207,
    13167.0918818,
    13922.1864968,
    12312.5101868,
    18623.2328925,
    10350.0312718,
    16232.9205709,
];
/// Of the rate by area, 4,000 replicates.
const RATE_MSE: [f64; 12] = [
    0.0145689776325,
    0.0129216678393,
    0.0100685720685,
    0.0164979527786,
    0.0124464281986,
    0.010607118893,
    0.00898600548855,
    0.0157663960599,
    0.0106933307308,
    0.00920038192272,
    0.00820303874949,
    0.0206584100705,
];
