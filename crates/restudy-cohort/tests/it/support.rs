//! Short ways to read small tables.

use restudy_cohort::{Cohort, CohortError, Derive, Filter, ReadOptions, Source, Values};

/// What a test reads a cohort from; everything but the table is optional.
#[derive(Clone, Default)]
pub(crate) struct Given {
    bytes: Vec<u8>,
    name: Option<&'static str>,
    options: ReadOptions,
    codebook: Option<String>,
    derive: Vec<Derive>,
    filters: Vec<Filter>,
}

pub(crate) fn table(bytes: impl AsRef<[u8]>) -> Given {
    Given { bytes: bytes.as_ref().to_vec(), ..Given::default() }
}

impl Given {
    pub(crate) fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    pub(crate) fn options(self, options: ReadOptions) -> Self {
        Self { options, ..self }
    }

    pub(crate) fn encoding(mut self, label: &str) -> Self {
        self.options.encoding = Some(label.to_owned());
        self
    }

    pub(crate) fn codebook(self, text: &str) -> Self {
        Self { codebook: Some(text.to_owned()), ..self }
    }

    pub(crate) fn derive(mut self, name: &str, sql: &str) -> Self {
        self.derive.push(Derive { name: name.to_owned(), sql: sql.to_owned() });
        self
    }

    pub(crate) fn keep(self, sql: &str) -> Self {
        self.filter(true, sql)
    }

    pub(crate) fn exclude(self, sql: &str) -> Self {
        self.filter(false, sql)
    }

    fn filter(mut self, keep: bool, sql: &str) -> Self {
        self.filters.push(Filter { label: sql.to_owned(), keep, sql: sql.to_owned() });
        self
    }

    pub(crate) fn read(&self) -> Result<Cohort, CohortError> {
        Cohort::read(&Source {
            file_name: self.name.unwrap_or("t.csv"),
            bytes: &self.bytes,
            options: &self.options,
            codebook: self.codebook.as_deref().map(|text| ("codebook.toml", text)),
            derive: &self.derive,
            filters: &self.filters,
        })
    }

    pub(crate) fn cohort(&self) -> Cohort {
        self.read().unwrap()
    }

    pub(crate) fn error(&self) -> CohortError {
        self.read().unwrap_err()
    }
}

/// The numbers of a column.
pub(crate) fn numbers(cohort: &Cohort, name: &str) -> Vec<Option<f64>> {
    match &cohort.column(name).unwrap().values {
        Values::Numbers(values) => values.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

/// The levels of a column, and each patient's label.
pub(crate) fn labels(cohort: &Cohort, name: &str) -> (Vec<String>, Vec<Option<String>>) {
    match &cohort.column(name).unwrap().values {
        Values::Levels { levels, codes } => {
            (levels.clone(), codes.iter().map(|code| code.map(|code| levels[code as usize].clone())).collect())
        }
        other => panic!("{name}: {other:?}"),
    }
}

/// The days of a column since 1970-01-01.
pub(crate) fn days(cohort: &Cohort, name: &str) -> Vec<Option<i32>> {
    match &cohort.column(name).unwrap().values {
        Values::Dates(days) => days.clone(),
        other => panic!("{name}: {other:?}"),
    }
}
