//! A [`Table`](crate::Table) written in four formats.

mod csv;
mod html;
mod markdown;
mod text;

pub(crate) use html::document;
pub(crate) use markdown::escape as escape_markdown;
pub(crate) use text::{indented, wrapped};
