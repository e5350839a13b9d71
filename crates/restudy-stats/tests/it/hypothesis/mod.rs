//! Hypothesis tests.

mod anderson_darling;
mod anova;
mod bartlett;
mod binomial_exact;
mod chi_square;
mod cochran_armitage;
mod f_ratio;
mod fisher_exact;
mod fisher_freeman_halton;
mod groups;
mod hodges_lehmann;
mod jonckheere_terpstra;
mod kruskal_wallis;
mod levene;
mod likelihood_ratio_chi_square;
mod lilliefors;
mod mann_whitney;
mod mcnemar;
mod normality;
mod paired_t;
mod pairwise;
mod shapiro_wilk;
mod sign;
mod student_t;
mod table;
mod untied_rank_sum;
mod welch_anova;
mod welch_t;
mod wilcoxon_signed_rank;

use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::CountTable;
use serde_json::Value;

use crate::exact::{count, number};

/// The moments that a row of the golden file gives as count, mean and standard deviation.
fn moments(row: &Value) -> Moments {
    Moments { n: count(&row[0]) as usize, mean: number(&row[1]), sd: number(&row[2]) }
}

/// The table that a row of the golden file gives.
fn table(rows: &Value) -> CountTable {
    let rows = rows.as_array().unwrap();
    let cells: Vec<u64> = rows.iter().flat_map(|row| row.as_array().unwrap()).map(count).collect();
    CountTable::new(rows.len(), cells.len() / rows.len(), cells).unwrap()
}

/// The table with its rows and columns exchanged.
fn transposed(table: &CountTable) -> CountTable {
    let cells = (0..table.columns()).flat_map(|column| (0..table.rows()).map(move |row| (row, column)));
    CountTable::new(table.columns(), table.rows(), cells.map(|(row, column)| table.get(row, column)).collect()).unwrap()
}
