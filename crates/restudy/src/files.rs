//! Files in, and a folder of results out, whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use rayon::prelude::*;
use restudy_claims::{ClaimChecks, Record};
use restudy_report::{Picture, Report};
use restudy_study::{Cohort, Ledger, Plan, Study};

use crate::Result;
use crate::message::Failure;

/// The file by which a folder is known as one of ours.
pub(crate) const LEDGER: &str = "results.json";

/// Reads a text file; what is not UTF-8 is refused.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(format!("{}:{line}: the file is not UTF-8 text", path.display()))
            .hint("save it as UTF-8; only the table of a study may have another encoding")
    })
}

pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Failure::file("read", path, &error))
}

/// A study with its cohort, read and resolved.
pub(crate) struct Loaded {
    pub(crate) study: Study,
    pub(crate) cohort: Cohort,
    pub(crate) plan: Plan,
    /// The paper whose claims are held against the results, where the study names one.
    pub(crate) published: Option<Record>,
    /// The table's name without its folder, as the record holds it.
    pub(crate) table: String,
}

/// Reads a study file and what it names, or the embedded study; `data` takes the place of the study's table.
pub(crate) fn load(study: Option<&Path>, data: Option<&Path>) -> Result<Loaded> {
    let (name, text) = match study {
        Some(path) => (path.display().to_string(), read_text(path)?),
        None => (embedded::STUDY.0.to_owned(), embedded::STUDY.1.to_owned()),
    };
    let mut study_file = Study::parse(&name, &text)?;
    study_file.check_style(restudy_report::Style::NAMES)?;
    let beside = |named: &str| study.map(|path| path.parent().unwrap_or(Path::new("")).join(named));
    let text_of = |named: &str, embedded: (&str, &str)| match beside(named) {
        Some(path) => Ok((path.display().to_string(), read_text(&path)?)),
        None => Ok::<_, Failure>((embedded.0.to_owned(), embedded.1.to_owned())),
    };
    let (table_name, table) = match data.map(Path::to_path_buf).or_else(|| beside(study_file.file.data.table.get_ref()))
    {
        Some(path) => (path.display().to_string(), read_bytes(&path)?),
        None => (embedded::TABLE.0.to_owned(), embedded::TABLE.1.as_bytes().to_vec()),
    };
    let catalogue = study_file.file.data.catalogue.as_ref().and_then(|named| beside(named.get_ref()));
    study_file.file.data.read.catalogue = catalogue.map(|path| read_bytes(&path)).transpose()?;
    let codebook = study_file.file.data.codebook.as_ref();
    let codebook = codebook.map(|named| text_of(named.get_ref(), embedded::CODEBOOK)).transpose()?;
    let codebook = codebook.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let cohort = study_file.cohort((&table_name, &table), codebook)?;
    let plan = Plan::new(&study_file, &cohort)?;
    let published = study_file.file.study.published.as_ref();
    let published = published.map(|named| text_of(named.get_ref(), embedded::PUBLISHED)).transpose()?;
    let published = published.map(|(name, text)| Record::parse(&name, &text)).transpose()?;
    let table = Path::new(&table_name).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Loaded { study: study_file, cohort, plan, published, table })
}

/// The study that the command carries with it: the paper's protocol on the synthetic cohort, each file under its name.
mod embedded {
    pub(super) const STUDY: (&str, &str) =
        ("reports/dlm2021/study.toml", include_str!("../../../reports/dlm2021/study.toml"));
    pub(super) const TABLE: (&str, &str) =
        ("data/dlm2021/cohort.csv", include_str!("../../../data/dlm2021/cohort.csv"));
    pub(super) const CODEBOOK: (&str, &str) =
        ("data/dlm2021/codebook.toml", include_str!("../../../data/dlm2021/codebook.toml"));
    pub(super) const PUBLISHED: (&str, &str) = ("data/dlm2021/published.toml", restudy_claims::DLM2021);
}

/// Of the pictures: what journals ask for.
const DOTS_PER_INCH: u32 = 300;

/// One file of a report.
pub(crate) struct Document {
    /// Its path within the folder of the report.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Document {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// Every file of a study's report, made from its ledger alone, and from the claims of a paper held against it.
pub(crate) fn documents(ledger: &Ledger, claims: Option<&ClaimChecks>) -> Result<Vec<Document>> {
    let json = ledger.to_json().map_err(|error| Failure::new(format!("the ledger cannot be written: {error}")))?;
    let figures = restudy_report::pictures(ledger, DOTS_PER_INCH);
    let report = Report { figures: &figures, claims, ..Report::from(ledger) };
    let mut documents = vec![
        Document::new(LEDGER, json),
        Document::new("ledger.csv", ledger.to_csv()),
        Document::new("index.html", restudy_report::html_page(report)),
        Document::new("report.md", restudy_report::markdown_page(report)),
        Document::new("report.tex", restudy_report::latex_page(report)),
        Document::new("report.docx", restudy_report::word_document(report)?),
        Document::new("report.xlsx", restudy_report::excel_workbook(report)?),
    ];
    if let Some(claims) = claims {
        let json = claims.to_json().map_err(|error| Failure::new(format!("the claims cannot be written: {error}")))?;
        documents.push(Document::new("claims.json", json));
    }
    for analysis in &ledger.analyses {
        if let Some(text) = restudy_report::csv_table(ledger, &analysis.id) {
            documents.push(Document::new(format!("{}.csv", analysis.id), text));
        }
        if let Some(text) = restudy_report::latex_table(ledger, &analysis.id) {
            documents.push(Document::new(format!("{}.tex", analysis.id), text));
        }
    }
    let pdfs: Vec<Vec<u8>> = figures.par_iter().map(|picture| restudy_report::pdf(&picture.figure.svg)).collect();
    for (Picture { figure, png }, pdf) in figures.into_iter().zip(pdfs) {
        let name = |extension: &str| format!("figures/{}.{extension}", figure.id);
        documents.push(Document::new(name("pdf"), pdf));
        documents.push(Document::new(name("png"), png));
        documents.push(Document::new(name("svg"), figure.svg));
    }
    Ok(documents)
}

/// Writes a report: a folder that holds anything but an earlier report is left alone.
pub(crate) fn write_folder(target: &Path, documents: &[Document]) -> Result<()> {
    write_over(target, documents, ("report", is_report))
}

/// Writes a synthetic cohort: a folder that holds anything but an earlier one is left alone.
pub(crate) fn write_reconstruction(target: &Path, documents: &[Document]) -> Result<()> {
    write_over(target, documents, ("synthetic cohort", is_reconstruction))
}

/// Refuses a folder that a synthetic cohort could not be written to, before anything is searched for.
pub(crate) fn may_write_reconstruction(target: &Path) -> Result<()> {
    may_write(target, ("synthetic cohort", is_reconstruction))
}

fn may_write(target: &Path, (what, is_ours): (&str, fn(&Path) -> bool)) -> Result<()> {
    let occupied = match fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Failure::file("write", target, &error)),
    };
    if occupied && !is_ours(target) {
        return Err(Failure::new(format!("{} holds files that are not an earlier {what}", target.display()))
            .hint("name a new folder with --out DIR"));
    }
    Ok(())
}

/// Writes a folder of documents: to a new place beside it first, then moved in whole.
fn write_over(target: &Path, documents: &[Document], ours: (&str, fn(&Path) -> bool)) -> Result<()> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |error: std::io::Error| Failure::file("write", &path, &error)
    };
    let parent = folder_of(target);
    fs::create_dir_all(parent).map_err(failed(parent))?;
    may_write(target, ours)?;
    let fresh = tempfile::Builder::new().prefix(".restudy-").tempdir_in(parent).map_err(failed(parent))?;
    for document in documents {
        let path = fresh.path().join(&document.name);
        let parent = folder_of(&path);
        fs::create_dir_all(parent).map_err(failed(parent))?;
        let mut file = fs::File::create_new(&path).map_err(failed(&path))?;
        file.write_all(&document.bytes).and_then(|()| file.sync_all()).map_err(failed(&path))?;
    }
    open_to_readers(fresh.path(), 0o755).map_err(failed(target))?;
    // The earlier report goes aside first and comes back if the new one cannot take its place.
    let aside = tempfile::Builder::new().prefix(".restudy-").tempdir_in(parent).map_err(failed(parent))?;
    let old = aside.path().join("old");
    let replaced = target.exists();
    if replaced {
        fs::rename(target, &old).map_err(failed(target))?;
    }
    if let Err(error) = fs::rename(fresh.path(), target) {
        if replaced {
            fs::rename(&old, target).map_err(failed(target))?;
        }
        return Err(Failure::file("write", target, &error));
    }
    // The folder has moved; there is nothing left under the temporary name to remove.
    let _ = fresh.keep();
    Ok(())
}

/// The record of a report, or of a file on its own.
pub(crate) fn ledger(path: &Path) -> Result<Ledger> {
    Ledger::from_json(&read_text(path)?).map_err(|error| {
        Failure::new(format!("{}:{}:{}: not a ledger: {error}", path.display(), error.line(), error.column()))
            .hint("write the report with `restudy run`")
    })
}

/// A folder is an earlier report when its ledger says so.
fn is_report(folder: &Path) -> bool {
    fs::read_to_string(folder.join(LEDGER)).is_ok_and(|text| Ledger::from_json(&text).is_ok())
}

/// A folder is an earlier synthetic cohort when a certificate in it says so.
fn is_reconstruction(folder: &Path) -> bool {
    ["certificate.md", "certificate-01.md"].iter().any(|name| {
        fs::read_to_string(folder.join(name)).is_ok_and(|text| text.starts_with("# Certificate of a synthetic cohort"))
    })
}

/// The folder that a path lies in.
fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What is made under a temporary name is its owner's alone; a report is as open as anything its owner makes.
#[cfg(unix)]
fn open_to_readers(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to_readers(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}

/// Writes one file whole, by way of a new one beside it.
pub(crate) fn write_file(target: &Path, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| Failure::file("write", target, &error);
    let mut file = tempfile::NamedTempFile::new_in(folder_of(target)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    open_to_readers(file.path(), 0o644).map_err(failed)?;
    file.persist(target).map_err(|error| failed(error.error))?;
    Ok(())
}
