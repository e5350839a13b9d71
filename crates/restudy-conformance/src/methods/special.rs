//! `special.json`: tails, masses and quantiles of distributions to 20 digits, each section a method of its own.

use restudy_stats::Level;
use restudy_stats::descriptive::clopper_pearson;
use restudy_stats::dist::{Beta, Binomial, ChiSquare, FisherF, Hypergeometric, Normal, StudentT};
use restudy_stats::special::ln_gamma;
use serde_json::{Map, Value};

use super::nist::decimals;
use super::{Failure, Method};
use crate::case::Case;
use crate::folder::{InputError, object, wrong_type};
use crate::tolerance::DISTRIBUTION;

/// A section of the file.
struct Section {
    /// The method that its points are cases of.
    method: &'static str,
    /// Which fields of a point are values; the others are arguments.
    values: &'static [&'static str],
    /// The values of a point, in that order.
    compute: fn(&Case) -> Result<Vec<f64>, Failure>,
}

const SECTIONS: &[Section] = &[
    Section {
        method: "special.beta_cdf",
        values: &["p"],
        compute: |case| Ok(vec![Beta::new(case.number("a")?, case.number("b")?)?.lower_tail(case.number("x")?)]),
    },
    Section {
        method: "special.binomial",
        values: &["p_ge_k", "p_le_k"],
        compute: |case| {
            let binomial = Binomial::new(case.count("n")?, case.number("p")?)?;
            let k = case.count("k")?;
            Ok(vec![binomial.upper_tail(k), binomial.lower_tail(k)])
        },
    },
    Section {
        method: "special.chi_square_upper_quantile",
        values: &["x"],
        compute: |case| Ok(vec![ChiSquare::new(case.number("df")?)?.upper_quantile(case.number("upper_p")?)]),
    },
    Section {
        method: "special.chi_square_upper_tail",
        values: &["p"],
        compute: |case| Ok(vec![ChiSquare::new(case.number("df")?)?.upper_tail(case.number("x")?)]),
    },
    Section {
        method: "special.clopper_pearson",
        values: &["low", "high"],
        compute: |case| {
            let level =
                Level::new(case.number("conf_level")?).map_err(|error| InputError::new("`conf_level`", error))?;
            let interval = clopper_pearson(case.count("x")?, case.count("n")?, level)?;
            Ok(vec![interval.low, interval.high])
        },
    },
    Section {
        method: "special.f_upper_quantile",
        values: &["x"],
        compute: |case| Ok(vec![f_distribution(case)?.upper_quantile(case.number("upper_p")?)]),
    },
    Section {
        method: "special.f_upper_tail",
        values: &["p"],
        compute: |case| Ok(vec![f_distribution(case)?.upper_tail(case.number("x")?)]),
    },
    Section {
        method: "special.hypergeometric",
        values: &["pmf", "p_ge_k", "p_le_k"],
        compute: |case| {
            let (population, successes) = (case.count("N_population")?, case.count("K_successes_in_population")?);
            let hypergeometric = Hypergeometric::new(population, successes, case.count("n_draws")?)?;
            let k = case.count("k")?;
            Ok(vec![hypergeometric.mass(k), hypergeometric.upper_tail(k), hypergeometric.lower_tail(k)])
        },
    },
    Section { method: "special.log_gamma", values: &["value"], compute: |case| Ok(vec![ln_gamma(case.number("x")?)]) },
    Section {
        method: "special.normal_upper_quantile",
        values: &["x"],
        compute: |case| Ok(vec![Normal.upper_quantile(case.number("upper_p")?)]),
    },
    Section {
        method: "special.normal_upper_tail",
        values: &["p"],
        compute: |case| Ok(vec![Normal.upper_tail(case.number("x")?)]),
    },
    Section {
        method: "special.student_t_upper_quantile",
        values: &["t"],
        compute: |case| Ok(vec![StudentT::new(case.number("df")?)?.upper_quantile(case.number("upper_p")?)]),
    },
    Section {
        method: "special.student_t_upper_tail",
        values: &["p"],
        compute: |case| Ok(vec![StudentT::new(case.number("df")?)?.upper_tail(case.number("t")?)]),
    },
];

fn f_distribution(case: &Case) -> Result<FisherF, Failure> {
    Ok(FisherF::new(case.number("df1")?, case.number("df2")?)?)
}

fn section(method: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.method == method)
}

/// The method of a section that is covered.
pub(super) fn method(name: &str) -> Option<Method> {
    section(name).map(|section| Method { name: section.method, run, not_covered: &[] })
}

fn run(case: &mut Case) -> Result<(), Failure> {
    if let Some(section) = section(&case.method) {
        for (name, obtained) in section.values.iter().zip((section.compute)(case)?) {
            case.check.number(name, obtained, DISTRIBUTION);
        }
    }
    Ok(())
}

/// The file's points, each a case.
pub(crate) fn cases(file: &Map<String, Value>) -> Result<Vec<Case>, InputError> {
    let mut cases = Vec::new();
    for (name, points) in file {
        // The file's header.
        if matches!(name.as_str(), "schema_version" | "precision") {
            continue;
        }
        let points = points.as_array().ok_or_else(|| wrong_type(name, points, "an array"))?;
        let method = format!("special.{name}");
        // In a section that is not covered nothing tells arguments from values: all count as values.
        let names = section(&method).map(|section| section.values);
        for (index, point) in points.iter().enumerate() {
            let id = format!("{method}[{index}]");
            let point = object(point).map_err(|error| error.within(&id))?;
            let is_value = |key: &str| names.is_none_or(|names| names.contains(&key));
            let part = |values: bool| {
                let fields = point.iter().filter(|(key, _)| is_value(key) == values);
                fields.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>()
            };
            let values = decimals(&part(true)).map_err(|error| error.within(&id))?;
            cases.push(Case::new(&id, &method, part(false), None, &values));
        }
    }
    Ok(cases)
}
