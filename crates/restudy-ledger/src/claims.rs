//! A paper's claims held against a ledger.

use serde::{Deserialize, Serialize};

/// One printed number beside the number obtained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimCheck {
    /// The claim's id in the published record.
    pub id: String,
    /// Where it stands in the paper.
    #[serde(rename = "where")]
    pub place: String,
    /// The text as printed.
    pub printed: String,
    /// The number obtained, printed with the claim's decimals; none where the ledger has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obtained: Option<String>,
    /// Whether it prints as published; none where there is nothing to hold it against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    /// Why it does not hold, or cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Every claim of a paper held against a ledger: the contract of `claims.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimChecks {
    /// The paper's short name.
    pub paper: String,
    /// The study whose ledger it was.
    pub study: String,
    /// The patients were made, not observed.
    pub synthetic: bool,
    /// The claims, in the order of the published record.
    pub claims: Vec<ClaimCheck>,
}

impl ClaimChecks {
    /// Claims that hold, that do not, and that cannot be told.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let of = |held| self.claims.iter().filter(|claim| claim.held == held).count();
        (of(Some(true)), of(Some(false)), of(None))
    }

    /// The checks as JSON: two spaces of indent, a newline at the end.
    ///
    /// # Errors
    ///
    /// Never for checks made of text; the signature is that of the other records.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}
