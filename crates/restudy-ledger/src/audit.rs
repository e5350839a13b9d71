//! The record of an audit: every claim of a paper with its verdict and the arithmetic behind it.

use serde::{Deserialize, Serialize};

/// What the paper's other numbers say of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The other numbers determine it: whatever the values behind their prints, it prints as published.
    Reproduced,
    /// The other numbers are rounded; the published value lies within what they allow.
    Consistent,
    /// No values that print as the paper's other numbers give this one.
    Impossible,
    /// The paper does not print what it would take.
    NotRecomputable,
}

impl Verdict {
    /// The name as written in the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reproduced => "reproduced",
            Self::Consistent => "consistent",
            Self::Impossible => "impossible",
            Self::NotRecomputable => "not_recomputable",
        }
    }
}

/// One printed number and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id in the published record, such as `t1.age.p`.
    pub id: String,
    /// Where it stands in the paper.
    #[serde(rename = "where")]
    pub place: String,
    /// What it is: `mean_sd`, `count_percent`, `p_value`, …
    pub kind: String,
    /// The text as printed; its decimals are part of the claim.
    pub printed: String,
    /// What the other numbers say.
    pub verdict: Verdict,
    /// The value, or the interval of values, that the other numbers give, as text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recomputed: Option<String>,
    /// The lower end of what the other numbers allow, at full precision, in the unit of the print: 33.33… for a
    /// percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The arithmetic: from which numbers, by which formula.
    pub how: String,
    /// The claims that it was made from, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
}

/// A candidate that the numbers rule out, and the claims that do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// The candidate, in words.
    pub candidate: String,
    /// How many claims it explains.
    pub explained: usize,
    /// The claims that it cannot explain.
    pub by: Vec<String>,
}

/// A method that the paper must have used, inferred from its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The question, such as "how the test of a categorical row was chosen".
    pub question: String,
    /// The answer, in a sentence.
    pub finding: String,
    /// The candidates that explain every claim that bears on the question.
    pub explained_by: Vec<String>,
    /// The claims that it explains.
    pub explains: Vec<String>,
    /// The candidates that are ruled out, each with its evidence.
    pub excludes: Vec<Excluded>,
}

/// Claims that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The claims, by id.
    pub claims: Vec<String>,
    /// What is wrong, in a sentence a clinician reads.
    pub sentence: String,
    /// The smallest edit that would repair it, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
}

/// A fact that follows from the paper's numbers though nobody printed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derived {
    /// A stable id, such as `t2.auc.conf_low`.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Its value at full precision.
    pub value: f64,
    /// Whether it is that value, or at least or at most that value.
    #[serde(default, skip_serializing_if = "Bound::is_exact")]
    pub bound: Bound,
    /// The lower limit of its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conf_low: Option<f64>,
    /// The upper limit of its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conf_high: Option<f64>,
    /// From which numbers, by which formula.
    pub how: String,
}

/// What a derived value says of the quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The quantity is that value.
    #[default]
    Exact,
    /// The quantity is at least that value.
    AtLeast,
    /// The quantity is at most that value.
    AtMost,
}

impl Bound {
    fn is_exact(&self) -> bool {
        *self == Self::Exact
    }
}

/// The paper that was audited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Short name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How to cite it.
    pub citation: String,
}

/// The audit of a paper: the contract of `restudy audit --format json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// The paper.
    pub paper: Paper,
    /// Every claim, in the order of the published record.
    pub claims: Vec<Claim>,
    /// The methods inferred.
    pub methods: Vec<Finding>,
    /// Claims that cannot all be true.
    pub conflicts: Vec<Conflict>,
    /// Facts that follow though nobody printed them.
    pub derived: Vec<Derived>,
}

impl Audit {
    /// How many claims have that verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.claims.iter().filter(|claim| claim.verdict == verdict).count()
    }

    /// The audit as JSON: two spaces of indent, a newline at the end.
    ///
    /// # Errors
    ///
    /// When a number is not finite, which an audit never holds.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}
