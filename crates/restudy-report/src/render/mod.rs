//! A [`Table`](crate::Table) written in five formats.

mod csv;
mod html;
mod latex;
mod markdown;
mod text;

pub(crate) use html::document;
pub(crate) use latex::escape as escape_latex;
pub(crate) use markdown::escape as escape_markdown;
pub(crate) use text::{indented, wrapped};
