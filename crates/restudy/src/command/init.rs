//! `restudy init`: a first study file and codebook for a table, commented, that run as they are.

use std::path::{Component, Path, PathBuf};

use restudy_study::DraftTable;

use crate::files;
use crate::message::Failure;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The table: CSV or TSV, or a file of SPSS, Stata, SAS, a workbook or Parquet.
    data: PathBuf,
    /// The column that makes the groups; the first column of two values if not given.
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// The REDCap data dictionary of an export, as CSV.
    #[arg(long, value_name = "FILE")]
    dictionary: Option<PathBuf>,
    /// The sheet of a workbook; its first if not given.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The format catalogue of a SAS table, with its value labels.
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// The folder for `study.toml` and `codebook.toml`; this one if not given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let table = files::read_bytes(&arguments.data)?;
    let folder = arguments.out.clone().unwrap_or_default();
    let stem = arguments.data.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = arguments.data.display().to_string();
    let path = from_folder(&folder, &arguments.data);
    let dictionary = match &arguments.dictionary {
        Some(path) => Some((path.display().to_string(), files::read_text(path)?)),
        None => None,
    };
    let catalogue = match &arguments.catalogue {
        Some(path) => Some((from_folder(&folder, path), files::read_bytes(path)?)),
        None => None,
    };
    let table = DraftTable {
        name: &name,
        bytes: &table,
        dictionary: dictionary.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
        sheet: arguments.sheet.as_deref(),
        catalogue: catalogue.as_ref().map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
    };
    let draft = restudy_study::draft_of(&table, &id(&stem), &path, arguments.by.as_deref())
        .map_err(restudy_study::StudyError::from)?;
    let written = [("study.toml", &draft.study), ("codebook.toml", &draft.codebook)];
    for (name, _) in written {
        let path = folder.join(name);
        if path.exists() {
            return Err(Failure::new(format!("{} is there already, and is left alone", path.display()))
                .hint("name a new folder with --out DIR"));
        }
    }
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
    }
    let mut text = String::new();
    for (name, content) in written {
        let path = folder.join(name);
        files::write_file(&path, content)?;
        text.push_str(&format!("{}\n", path.display()));
    }
    if !draft.missing.is_empty() {
        text.push_str(&format!("taken for missing: {}\n", draft.missing.join(", ")));
    }
    text.push_str(&format!("next: restudy plan {0}, then restudy run {0}\n", folder.join("study.toml").display()));
    message::print(&text)?;
    Ok(Outcome::Done)
}

/// The table's path as the study file writes it: relative to the folder, with forward slashes on every system.
fn from_folder(folder: &Path, data: &Path) -> String {
    let plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let path = if data.is_absolute() || !plain(folder) {
        std::path::absolute(data).unwrap_or_else(|_| data.to_path_buf())
    } else {
        let depth = folder.components().filter(|part| matches!(part, Component::Normal(_))).count();
        (0..depth).map(|_| "..").collect::<PathBuf>().join(data)
    };
    path.display().to_string().replace('\\', "/")
}

/// An id made of a file's name: lower-case letters, digits and hyphens.
fn id(stem: &str) -> String {
    let mut id = String::new();
    for character in stem.to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            id.push(character);
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    let id: String = id.chars().take(64).collect();
    let id = id.trim_end_matches('-');
    if id.is_empty() { "study".to_owned() } else { id.to_owned() }
}
