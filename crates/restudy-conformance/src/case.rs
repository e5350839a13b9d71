//! One golden case: what to compute from what, and the numbers to be met.

mod survival;

use std::rc::Rc;

use serde_json::{Map, Value};

use restudy_stats::hypothesis::CountTable;

use crate::check::Check;
use crate::folder::{InputError, array, member, string, wrong_type};
use crate::table::Table;

/// What a case is computed from.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) method: String,
    vars: Map<String, Value>,
    settings: Map<String, Value>,
    data: Option<Rc<Table>>,
    /// What the case expects, and how it was met.
    pub(crate) check: Check,
    /// No method of this name is in the table.
    pub(crate) uncovered_method: bool,
}

impl Case {
    pub(crate) fn new(
        id: &str,
        method: &str,
        vars: Map<String, Value>,
        data: Option<Rc<Table>>,
        values: &Map<String, Value>,
    ) -> Self {
        Self {
            id: id.to_owned(),
            method: method.to_owned(),
            vars,
            settings: Map::new(),
            data,
            check: Check::new(values),
            uncovered_method: false,
        }
    }

    /// The case with its conventions.
    pub(crate) fn with_settings(self, settings: Map<String, Value>) -> Self {
        Self { settings, ..self }
    }

    /// The data that the case names.
    pub(crate) fn data(&self) -> Result<&Table, InputError> {
        self.data.as_deref().ok_or_else(|| InputError::new("`data_file`", "missing, and the method needs data"))
    }

    /// A variable that is a list.
    pub(crate) fn list(&self, var: &str) -> Result<&[Value], InputError> {
        array(&self.vars, var)
    }

    /// A variable as it was written: a label is a text or a number.
    pub(crate) fn label(&self, var: &str) -> Result<&Value, InputError> {
        member(&self.vars, var)
    }

    /// A variable that names a column or the like.
    pub(crate) fn text(&self, var: &str) -> Result<&str, InputError> {
        string(&self.vars, var)
    }

    /// A convention in words.
    pub(crate) fn setting(&self, name: &str) -> Result<&str, InputError> {
        string(&self.settings, name).map_err(|error| error.within("`settings`"))
    }

    /// A variable that is a number, or a decimal string.
    pub(crate) fn number(&self, var: &str) -> Result<f64, InputError> {
        let value = member(&self.vars, var)?;
        let number = match value {
            Value::String(text) => text.parse().ok(),
            _ => value.as_f64(),
        };
        number.filter(|number: &f64| number.is_finite()).ok_or_else(|| wrong_type(var, value, "a finite number"))
    }

    /// A variable that is a count.
    pub(crate) fn count(&self, var: &str) -> Result<u64, InputError> {
        let value = member(&self.vars, var)?;
        count(value).ok_or_else(|| wrong_type(var, value, "a whole number that is not negative"))
    }

    /// A variable that is a list of numbers in which `null` is a missing one; a list of one may be the number itself.
    pub(crate) fn optional_numbers(&self, var: &str) -> Result<Vec<Option<f64>>, InputError> {
        let value = member(&self.vars, var)?;
        let items = match value {
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        (items.iter())
            .map(|item| match item {
                Value::Null => Ok(None),
                _ => item.as_f64().map(Some).ok_or_else(|| wrong_type(var, item, "a number or null")),
            })
            .collect()
    }

    /// The table of counts in the variable `table`, an array of rows.
    pub(crate) fn count_table(&self) -> Result<CountTable, InputError> {
        let rows = array(&self.vars, "table")?;
        let mut cells = Vec::new();
        let mut columns = None;
        for row in rows {
            let row = row.as_array().ok_or_else(|| wrong_type("table", row, "an array of counts"))?;
            if *columns.get_or_insert(row.len()) != row.len() {
                return Err(InputError::new("`table`", "the rows are not of one length"));
            }
            for cell in row {
                cells.push(count(cell).ok_or_else(|| wrong_type("table", cell, "a count"))?);
            }
        }
        CountTable::new(rows.len(), columns.unwrap_or(0), cells).map_err(|error| InputError::new("`table`", error))
    }

    /// The column that variable `var` names, with its missing cells.
    pub(crate) fn column(&self, var: &str) -> Result<Vec<Option<f64>>, InputError> {
        self.data()?.numbers(self.text(var)?)
    }

    /// The columns `x` and `y`, row by row; rows with a missing value in either are left out.
    ///
    /// Where a file has no such columns, `drug1` and `drug2` are, as the `sleep` data have it, the values of `extra` for
    /// which `group` is 1 and 2, in the order of the rows.
    pub(crate) fn pairs(&self) -> Result<[Vec<f64>; 2], InputError> {
        let data = self.data()?;
        let member = |var: &str| {
            let name = self.text(var)?;
            match (data.numbers(name), name.strip_prefix("drug"), data.texts("group")) {
                (Err(_), Some(group), Ok(groups)) => {
                    let extra = data.numbers("extra")?;
                    let in_group = groups.iter().zip(extra).filter(|(cell, _)| cell.as_deref() == Some(group));
                    Ok(in_group.map(|(_, x)| x).collect())
                }
                (found, _, _) => found,
            }
        };
        let (x, y): (Vec<_>, Vec<_>) = (member("x")?, member("y")?);
        Ok(x.into_iter().zip(y).filter_map(|(x, y)| x.zip(y)).unzip().into())
    }

    /// The values of column `x` in the two groups of column `group`, `group1` and `group2`; rows with a missing value in
    /// either column are left out.
    pub(crate) fn two_groups(&self) -> Result<[Vec<f64>; 2], InputError> {
        let x = self.column("x")?;
        let groups = self.data()?.texts(self.text("group")?)?;
        let members = |var: &str| {
            let label = member(&self.vars, var)?;
            if !matches!(label, Value::String(_) | Value::Number(_)) {
                return Err(wrong_type(var, label, "a string or a number"));
            }
            let in_group =
                x.iter().zip(groups).filter(|(_, cell)| cell.as_deref().is_some_and(|cell| is_label(cell, label)));
            Ok(in_group.filter_map(|(x, _)| *x).collect())
        };
        Ok([members("group1")?, members("group2")?])
    }

    /// The values of the columns that `markers` name, in the cases and in the controls: the rows in which column
    /// `outcome` is `case_value` or `control_value`, every marker is present, and `chosen` holds of the row's place.
    fn markers<const N: usize>(
        &self,
        markers: [&str; N],
        chosen: impl Fn(usize) -> bool,
    ) -> Result<[[Vec<f64>; 2]; N], InputError> {
        let outcome = self.data()?.texts(self.text("outcome")?)?;
        let mut columns = Vec::new();
        for marker in markers {
            columns.push(self.column(marker)?);
        }
        let mut values = std::array::from_fn(|_| [Vec::new(), Vec::new()]);
        for (group, var) in ["case_value", "control_value"].into_iter().enumerate() {
            let label = member(&self.vars, var)?;
            let members = (0..outcome.len())
                .filter(|&row| outcome[row].as_deref().is_some_and(|cell| is_label(cell, label)))
                .filter(|&row| columns.iter().all(|column| column[row].is_some()) && chosen(row));
            for row in members {
                for (values, column) in values.iter_mut().zip(&columns) {
                    let of_marker: &mut [Vec<f64>; 2] = values;
                    of_marker[group].extend(column[row]);
                }
            }
        }
        Ok(values)
    }

    /// The values of column `x` in the cases and in the controls.
    pub(crate) fn cases_and_controls(&self) -> Result<[Vec<f64>; 2], InputError> {
        let [x] = self.markers(["x"], |_| true)?;
        Ok(x)
    }

    /// The values of columns `x1` and `x2` in the same cases and controls.
    pub(crate) fn two_markers(&self) -> Result<[[Vec<f64>; 2]; 2], InputError> {
        self.markers(["x1", "x2"], |_| true)
    }

    /// The values of column `x` in the cases and controls of `group1` and of `group2`.
    pub(crate) fn cases_and_controls_of_two_groups(&self) -> Result<[[Vec<f64>; 2]; 2], InputError> {
        let cells = self.data()?.texts(self.text("group")?)?;
        let of_group = |var: &str| -> Result<[Vec<f64>; 2], InputError> {
            let label = member(&self.vars, var)?;
            let [x] = self.markers(["x"], |row| cells[row].as_deref().is_some_and(|cell| is_label(cell, label)))?;
            Ok(x)
        };
        Ok([of_group("group1")?, of_group("group2")?])
    }

    /// The values of column `x` in each group of column `group`: those that `groups` lists, in its order, otherwise all
    /// in the order of their first rows. Rows with a missing value in either column are left out.
    pub(crate) fn all_groups(&self) -> Result<Vec<Vec<f64>>, InputError> {
        let x = self.column("x")?;
        let cells = self.data()?.texts(self.text("group")?)?;
        let rows = || x.iter().zip(cells).filter_map(|(x, cell)| Some(((*x)?, cell.as_deref()?)));
        let labels: Vec<Value> = if self.vars.contains_key("groups") {
            array(&self.vars, "groups")?.to_vec()
        } else {
            let mut seen: Vec<&str> = Vec::new();
            for (_, cell) in rows() {
                if !seen.contains(&cell) {
                    seen.push(cell);
                }
            }
            seen.into_iter().map(Value::from).collect()
        };
        let members = |label| rows().filter(|(_, cell)| is_label(cell, label)).map(|(x, _)| x).collect();
        Ok(labels.iter().map(members).collect())
    }
}

/// Whether a cell is the group's label: as text, or as the number that a numeric label is.
pub(crate) fn is_label(cell: &str, label: &Value) -> bool {
    match label {
        Value::String(text) => cell == text,
        _ => cell.trim().parse().ok() == label.as_f64(),
    }
}

/// A count, which some writers print as `3.0`.
fn count(value: &Value) -> Option<u64> {
    const EXACT_UP_TO: f64 = 9_007_199_254_740_992.0;
    let whole = |number: f64| number >= 0.0 && number.fract() == 0.0 && number <= EXACT_UP_TO;
    value.as_u64().or_else(|| value.as_f64().filter(|&number| whole(number)).map(|number| number as u64))
}
