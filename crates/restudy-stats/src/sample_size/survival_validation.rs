use super::{PrecisionCriterion, Z, between, positive, proportion, whole};
use crate::resample::Resampling;
use crate::survival::{Concordance, SurvivalData};
use crate::{DistributionError, dist};

/// How many patients does it take to validate a model of the time to an event with precision, by a time of interest?
///
/// ## Formula
///
/// Of the patients to come: the model's linear predictor is normal with standard deviation σ; ln Λ(t | LP) = m + b LP, with m
/// such that the overall risk by the time t is F; Weibull times; exponential censoring that does not know the predictor. With
/// S and G the marginal survival and censoring curves, y = S G, C(u) = ∫₀ᵘ dΛ / y, and the width w wanted of each 95 %
/// interval:
///
/// ```text
/// observed / expected   n = S(t)² C(t) / (F² s²),  s the standard error of ln(O/E): (O/E) (e^(1.96 s) − e^(−1.96 s)) = w;
///                       O = 1 − the Kaplan–Meier estimate at t, Greenwood's variance
/// calibration slope     n = [A⁻¹ B A⁻¹]₂₂ / s²,  s = w / (2 · 1.96):  the regression of pseudo-observations of the risk at t
///                       on LP, complementary log-log link, independent working covariance, sandwich variance:
///                       A = E[d² (1, LP)(1, LP)ᵀ],  B = E[d² v (1, LP)(1, LP)ᵀ],  d = Λ e^(−Λ) at t
///                       v = the variance, given LP, of S(t) (1 − δ 1(X ≤ t) / y(X) + C(X ∧ t)): what a pseudo-observation is
///                       in the limit
/// C index               n = N s_N² / s²,  s_N the standard error of Harrell's C in a simulated cohort of N patients, followed
///                       to t
/// ```
///
/// ## Input
///
/// The overall risk and the share of patients lost to follow-up by t; σ, or [`lp_sd_of_concordance`] where only a C index is
/// known. Only time as a part of t matters, so that t itself is not asked for.
///
/// ## Result
///
/// [`SurvivalValidationSize`]: each criterion, and the size that meets them all.
///
/// ## Conventions
///
/// The paper simulates whole validation studies, pseudo-observations and all, until the mean standard error of the slope
/// meets the target; here the limit of that standard error is integrated, so that the slope's and the ratio's sizes have no
/// simulation error. Within 2 % of simulated studies of 4,000 patients (R, the jackknife) at risks from 0.1 to 0.6. No
/// package has it: `pmvalsampsize` of R and Python stops at binary outcomes.
///
/// ## Errors
///
/// [`DistributionError::Parameter`] for a risk outside (0, 1), a share lost outside [0, 1), a σ outside (0, 5), a width, shape
/// or slope that is not positive, and where the simulated cohort has no concordance.
///
/// ## Example
///
/// ```
/// use restudy_stats::sample_size::SurvivalValidation;
///
/// let size = SurvivalValidation { lost: 0.3, ..SurvivalValidation::new(0.2, 0.8) }.run()?;
/// assert!(size.slope.n > size.observed_expected.n && size.n == size.slope.n);
/// # Ok::<(), restudy_stats::DistributionError>(())
/// ```
///
/// ## Source
///
/// Riley et al., Statistics in Medicine 41 (2022) 1280–1295; Andersen, Klein and Rosthøj, Biometrika 90 (2003) 15–27
/// (pseudo-observations); Graw, Gerds and Schumacher, Lifetime Data Analysis 15 (2009) 241–255 (their limit); Royston and
/// Altman, BMC Medical Research Methodology 13 (2013) 33 (normal linear predictors).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalValidation {
    /// The overall risk of the event by the time, in (0, 1).
    pub risk: f64,
    /// The standard deviation of the linear predictor, the logarithm of a relative hazard.
    pub lp_sd: f64,
    /// The share of patients that would be lost to follow-up before the time if nobody had the event, in [0, 1).
    pub lost: f64,
    /// The shape of the Weibull distribution of times: 1 for a constant hazard.
    pub shape: f64,
    /// The ratio of observed to expected events, 1 for a model that is right in the large.
    pub observed_expected: f64,
    /// The width wanted of its interval.
    pub oe_width: f64,
    /// The calibration slope, 1 for a model whose effects are right.
    pub slope: f64,
    /// The width wanted of its interval.
    pub slope_width: f64,
    /// The width wanted of the C index's interval.
    pub c_width: f64,
    /// The patients of the simulated cohort, and its seed.
    pub simulated: Resampling,
}

/// The size of a study that validates a model of the time to an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalValidationSize {
    /// Observed over expected events by the time.
    pub observed_expected: PrecisionCriterion,
    /// The calibration slope.
    pub slope: PrecisionCriterion,
    /// Harrell's C index by the time.
    pub concordance: PrecisionCriterion,
    /// Patients that meet all criteria.
    pub n: u64,
    /// Events by the time among them that are seen, not lost.
    pub events: f64,
}

/// Nodes of the linear predictor, as many on either side of its mean, over eight standard deviations.
const NODES: i32 = 80;

/// Cells of the time axis.
const CELLS: usize = 400;

/// The greatest standard deviation of a linear predictor: the hazards of two in three patients differ by more than 20,000.
const GREATEST_SD: f64 = 5.0;

impl SurvivalValidation {
    /// The usual targets: widths of 0.2 for O/E and the slope and of 0.1 for the C index; a constant hazard and nobody lost.
    #[must_use]
    pub fn new(risk: f64, lp_sd: f64) -> Self {
        Self {
            risk,
            lp_sd,
            lost: 0.0,
            shape: 1.0,
            observed_expected: 1.0,
            oe_width: 0.2,
            slope: 1.0,
            slope_width: 0.2,
            c_width: 0.1,
            simulated: Resampling { replicates: 50_000, seed: 1 },
        }
    }

    /// The size of the study.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self) -> Result<SurvivalValidationSize, DistributionError> {
        proportion("risk", self.risk)?;
        between("standard deviation of the linear predictor", self.lp_sd, 0.0, GREATEST_SD, "positive and below 5")?;
        between("share lost", self.lost, -f64::MIN_POSITIVE, 1.0, "from 0 to below 1")?;
        for (parameter, value) in [
            ("shape", self.shape),
            ("O/E", self.observed_expected),
            ("width of O/E", self.oe_width),
            ("slope", self.slope),
            ("width of the slope", self.slope_width),
            ("width of the C index", self.c_width),
        ] {
            positive(parameter, value)?;
        }
        if !(100..=1_000_000).contains(&self.simulated.replicates) {
            let (parameter, must_be) = ("simulated patients", "from 100 to 1,000,000");
            let value = f64::from(self.simulated.replicates);
            return Err(DistributionError::Parameter { parameter, value, must_be });
        }
        let cohort = Cohort::new(self);
        let criterion = |variance: f64, estimate: f64, target: f64| {
            let n = whole(variance / (target * target));
            PrecisionCriterion { n, events: n as f64 * cohort.seen, estimate, std_error: (variance / n as f64).sqrt() }
        };
        let target = |width: f64| width / (2.0 * Z);
        let of_ratio = libm::asinh(self.oe_width / (2.0 * self.observed_expected)) / Z;
        let observed_expected = criterion(cohort.ln_risk_variance(), self.observed_expected, of_ratio);
        let slope = criterion(cohort.slope_variance(), self.slope, target(self.slope_width));
        let (index, variance) = self.concordance(cohort.location)?;
        let concordance = criterion(variance, index, target(self.c_width));
        let n = observed_expected.n.max(slope.n).max(concordance.n);
        Ok(SurvivalValidationSize { observed_expected, slope, concordance, n, events: n as f64 * cohort.seen })
    }

    /// Harrell's C of a simulated cohort, and its variance times the number of patients.
    fn concordance(&self, location: f64) -> Result<(f64, f64), DistributionError> {
        let n = self.simulated.replicates;
        let mut stream = self.simulated.stream(0);
        let (mut marker, mut time, mut event) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n {
            // From (0, 1): the quantile of 0 is infinite.
            let mut uniform = || stream.uniform().max(f64::MIN_POSITIVE);
            let x = self.lp_sd * dist::Normal.lower_quantile(uniform());
            let hazard = libm::exp(location + self.slope * x);
            let fails = libm::pow(-libm::log(uniform()) / hazard, 1.0 / self.shape);
            let lost = libm::log(uniform()) / libm::log1p(-self.lost);
            let ends = if lost.is_nan() || lost <= 0.0 { 1.0 } else { lost.min(1.0) };
            marker.push(x);
            time.push(fails.min(ends));
            event.push(fails <= ends);
        }
        let result =
            SurvivalData::new(&time, &event).prepare().and_then(|times| Concordance::default().run(&times, &marker));
        let result = result.map_err(|_| DistributionError::Parameter {
            parameter: "risk",
            value: self.risk,
            must_be: "great enough that simulated patients have events",
        })?;
        Ok((result.value, result.std_error * result.std_error * f64::from(n)))
    }
}

/// The standard deviation of a normal linear predictor with that C index, where hazards are proportional to its exponential
/// and patients are followed to the time by which so many have the event.
///
/// Harrell's C of pairs whose earlier event is before the time, nobody lost: with Λ₁ and Λ₂ the cumulative hazards of two
/// patients then,
///
/// ```text
/// C = E[max(Λ₁, Λ₂) / (Λ₁ + Λ₂) · (1 − e^(−Λ₁ − Λ₂))] / E[1 − e^(−Λ₁ − Λ₂)]
/// ```
///
/// It is greater than that of all pairs, E[1 / (1 + e^(−|D|))], because those of high risk come first.
///
/// # Errors
///
/// [`DistributionError::Parameter`] for a risk outside (0, 1), a C index outside (0.5, 0.98), and one that no standard deviation
/// below 5 has.
///
/// Source: Riley et al., Statistics in Medicine 41 (2022) 1280–1295, who find it by simulation.
pub fn lp_sd_of_concordance(c_index: f64, risk: f64) -> Result<f64, DistributionError> {
    between("C index", c_index, 0.5, 0.98, "strictly between 0.5 and 0.98")?;
    proportion("risk", risk)?;
    let of = |lp_sd: f64| {
        let location = location(&nodes(lp_sd), 1.0, risk);
        // The sum and the difference of two predictors are independent, each normal with twice the variance. Of the difference
        // half the line is enough; by Simpson's rule, for it does not end at 0.
        let spread = nodes(std::f64::consts::SQRT_2 * lp_sd);
        let differences = spread.iter().skip(NODES as usize).enumerate();
        let (mut concordant, mut all) = (0.0, 0.0);
        for (place, [difference, weight]) in differences {
            let simpson = if place == 0 || place == NODES as usize { 1.0 } else { [2.0, 4.0][place % 2] };
            let right = 1.0 / (1.0 + libm::exp(-difference));
            let hazards = libm::cosh(difference / 2.0);
            for [sum, and] in &spread {
                // The greater the hazards of the two, the likelier they are a pair.
                let pair = simpson * weight * and * -libm::expm1(-2.0 * libm::exp(location + sum / 2.0) * hazards);
                concordant += pair * right;
                all += pair;
            }
        }
        concordant / all
    };
    let (mut low, mut high) = (0.0, GREATEST_SD);
    if of(high) < c_index {
        let must_be = "one that a standard deviation below 5 has at this risk";
        return Err(DistributionError::Parameter { parameter: "C index", value: c_index, must_be });
    }
    // To ten digits: each half costs all pairs of nodes.
    for _ in 0..36 {
        let middle = low + (high - low) / 2.0;
        if of(middle) < c_index {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Linear predictors over eight standard deviations, with their weights.
fn nodes(lp_sd: f64) -> Vec<[f64; 2]> {
    let node = |node: i32| {
        let z = 8.0 * f64::from(node) / f64::from(NODES);
        [lp_sd * z, dist::Normal.density(z) * 8.0 / f64::from(NODES)]
    };
    (-NODES..=NODES).map(node).collect()
}

/// The logarithm of the cumulative hazard of a linear predictor of 0 that goes with an overall risk, which grows with it.
fn location(nodes: &[[f64; 2]], slope: f64, risk: f64) -> f64 {
    let (mut low, mut high) = (-800.0, 800.0);
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        let reached: f64 = nodes.iter().map(|[x, weight]| weight * -libm::expm1(-libm::exp(middle + slope * x))).sum();
        if reached < risk {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The patients to come, in the limit of many.
///
/// Time is w = (u / t)^shape in [0, 1], on which a patient's cumulative hazard is a straight line.
struct Cohort {
    /// The logarithm of the cumulative hazard at t of a linear predictor of 0.
    location: f64,
    slope: f64,
    /// Linear predictors with their weights.
    nodes: Vec<[f64; 2]>,
    cells: Vec<Cell>,
    /// Survival at t.
    survival: f64,
    /// C(t).
    greenwood: f64,
    /// The share not lost by t.
    followed: f64,
    /// Events seen by t, a patient.
    seen: f64,
}

/// A small part of the time axis.
struct Cell {
    /// Its middle and its width.
    at: f64,
    width: f64,
    /// Not lost by its middle.
    followed: f64,
    /// Lost within it.
    lost: f64,
    /// S G.
    at_risk: f64,
    /// C to its middle.
    greenwood: f64,
}

impl Cohort {
    fn new(settings: &SurvivalValidation) -> Self {
        let SurvivalValidation { risk, lp_sd, lost, shape, slope, .. } = *settings;
        let nodes = nodes(lp_sd);
        let location = location(&nodes, slope, risk);
        let over = |f: &dyn Fn(f64) -> f64| nodes.iter().map(|[x, weight]| weight * f(*x)).sum::<f64>();
        let hazard = |x: f64| libm::exp(location + slope * x);
        let survival = |w: f64| over(&|x| libm::exp(-hazard(x) * w));
        let followed = |w: f64| libm::pow(1.0 - lost, libm::pow(w, 1.0 / shape));
        // Finer near 0, where those of high risk have their events.
        let edge = |k: usize| (k as f64 / CELLS as f64).powi(4);
        let (mut cells, mut greenwood, mut seen) = (Vec::with_capacity(CELLS), 0.0, 0.0);
        for k in 0..CELLS {
            let (from, to) = (edge(k), edge(k + 1));
            let (at, width) = ((from + to) / 2.0, to - from);
            let (here, followed_here) = (survival(at), followed(at));
            // −dS over the cell, exactly.
            let falls = survival(from) - survival(to);
            let rises = falls / (here * here * followed_here);
            cells.push(Cell {
                at,
                width,
                followed: followed_here,
                lost: followed(from) - followed(to),
                at_risk: here * followed_here,
                greenwood: greenwood + rises / 2.0,
            });
            greenwood += rises;
            seen += falls * followed_here;
        }
        let (survival, followed) = (survival(1.0), followed(1.0));
        Self { location, slope, nodes, cells, survival, greenwood, followed, seen }
    }

    /// n times the variance of ln(1 − the Kaplan–Meier estimate at t).
    fn ln_risk_variance(&self) -> f64 {
        let odds = self.survival / (1.0 - self.survival);
        odds * odds * self.greenwood
    }

    /// Mean and variance of a pseudo-observation of survival at t, of a cumulative hazard at t.
    fn pseudo_observation(&self, hazard: f64) -> [f64; 2] {
        let (mut mean, mut square) = (0.0, 0.0);
        let mut add = |probability: f64, value: f64| {
            mean += probability * value;
            square += probability * value * value;
        };
        for cell in &self.cells {
            let alive = libm::exp(-hazard * cell.at);
            let half = hazard * cell.width / 2.0;
            // The chance of the event within the cell, exactly: 2 e^(−Λ at) sinh(Λ width / 2).
            let fails = alive * 2.0 * libm::sinh(half.min(700.0));
            add(fails * cell.followed, self.survival * (1.0 + cell.greenwood - 1.0 / cell.at_risk));
            add(alive * cell.lost, self.survival * (1.0 + cell.greenwood));
        }
        add(libm::exp(-hazard) * self.followed, self.survival * (1.0 + self.greenwood));
        [mean, square - mean * mean]
    }

    /// n times the variance of the calibration slope.
    fn slope_variance(&self) -> f64 {
        // E[d² (1, x, x²)] and E[d² v (1, x, x²)].
        let (mut bread, mut meat) = ([0.0; 3], [0.0; 3]);
        for [x, weight] in &self.nodes {
            let hazard = libm::exp(self.location + self.slope * x);
            let derivative = hazard * libm::exp(-hazard);
            let own = weight * derivative * derivative;
            if own == 0.0 {
                continue;
            }
            let [_, variance] = self.pseudo_observation(hazard);
            for (power, (bread, meat)) in bread.iter_mut().zip(&mut meat).enumerate() {
                let term = own * x.powi(power as i32);
                *bread += term;
                *meat += term * variance;
            }
        }
        // The row of the slope in A⁻¹ is (−a₁, a₀) / determinant.
        let [a0, a1, a2] = bread;
        let determinant = a0 * a2 - a1 * a1;
        let [b0, b1, b2] = meat;
        (a1 * a1 * b0 - 2.0 * a0 * a1 * b1 + a0 * a0 * b2) / (determinant * determinant)
    }
}
