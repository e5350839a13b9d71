//! The study file described by its own types: what `restudy schema` and the reference of keys are made of.
//!
//! [`described!`] declares a table of the file once: a struct that serde reads, and the description of its keys by the
//! very words of their documentation. [`words!`] does the same for a closed list of words, [`entry!`] for an entry that
//! may be a name or a table that says more.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize as _, Deserializer, MapAccess, Visitor};
use toml::Spanned;

/// What a value of the study file may be.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Any text.
    Text,
    /// `true` or `false`.
    Truth,
    /// A number.
    Number,
    /// A whole number, zero or more.
    Whole,
    /// The value of a convention: a word or a number.
    Setting,
    /// One of these words, each with what it means.
    Words(&'static [(&'static str, &'static str)]),
    /// Any number of them.
    List(Box<Shape>),
    /// Values under names that the study chooses.
    Map(Box<Shape>),
    /// A table with known keys.
    Table(Table),
    /// One of them.
    Either(Vec<Shape>),
}

/// A table of the study file.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// What it is, in Markdown.
    pub about: String,
    /// Its keys, in the order of the reference.
    pub keys: Vec<Key>,
}

/// A key of a table.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// Its name.
    pub name: String,
    /// What it says, in Markdown.
    pub about: String,
    /// Whether a table without it is refused.
    pub required: bool,
    /// What may stand there.
    pub shape: Shape,
}

/// A type that a part of the study file is read into.
pub(crate) trait Describe {
    /// Whether a table may do without it.
    const OPTIONAL: bool = false;
    /// What may stand there.
    fn shape() -> Shape;
}

macro_rules! plain {
    ($($type:ty => $shape:expr),+ $(,)?) => {$(
        impl Describe for $type {
            fn shape() -> Shape {
                $shape
            }
        }
    )+};
}

plain! {
    String => Shape::Text,
    bool => Shape::Truth,
    f64 => Shape::Number,
    u32 => Shape::Whole,
    u64 => Shape::Whole,
    usize => Shape::Whole,
}

impl<T: Describe> Describe for Option<T> {
    const OPTIONAL: bool = true;
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Describe> Describe for Spanned<T> {
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: Describe> Describe for BTreeMap<Spanned<String>, T> {
    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }
}

/// The lines of a documentation comment as one paragraph.
pub(crate) fn about(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// A key, of a field's name and documentation.
pub(crate) fn key<T: Describe>(field: &str, lines: &[&str], defaulted: bool) -> Key {
    Key { name: field.replace('_', "-"), about: about(lines), required: !(defaulted || T::OPTIONAL), shape: T::shape() }
}

/// Declares tables of the study file: structs that serde reads, and their descriptions.
macro_rules! described {
    ($(
        $(#[doc = $doc:literal])+
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])+ $(#[serde($serde:ident)])? pub $field:ident: $type:ty, )*
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $( $(#[doc = $field_doc])+ $(#[serde($serde)])? pub $field: $type, )*
        }

        impl $crate::describe::Describe for $name {
            fn shape() -> $crate::describe::Shape {
                $crate::describe::Shape::Table($crate::describe::Table {
                    about: $crate::describe::about(&[$($doc),+]),
                    keys: vec![$(
                        $crate::describe::key::<$type>(
                            stringify!($field),
                            &[$($field_doc),+],
                            // A key with a default may be left out.
                            false $(|| stringify!($serde) == "default")?,
                        )
                    ),*],
                })
            }
        }
    )+};
}

/// Declares a closed list of words.
macro_rules! words {
    ($(
        $(#[doc = $doc:literal])+
        pub enum $name:ident { $( $(#[doc = $word_doc:literal])+ $variant:ident = $word:literal, )+ }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
        pub enum $name {
            $( $(#[doc = $word_doc])+ #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// The word as the study file writes it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::describe::Describe for $name {
            fn shape() -> $crate::describe::Shape {
                $crate::describe::Shape::Words(&[$(($word, concat!($($word_doc),+))),+])
            }
        }
    )+};
}

/// Declares an entry of a list that is a variable's name, or a table that says more of it. Each part keeps its place.
macro_rules! entry {
    ($(
        $(#[doc = $doc:literal])+
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])+ pub $field:ident: Option<$type:ty>, )+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The variable.
            pub variable: toml::Spanned<String>,
            $( $(#[doc = $field_doc])+ pub $field: Option<toml::Spanned<$type>>, )+
        }

        impl $name {
            /// The variable and nothing more.
            pub(crate) fn bare(variable: toml::Spanned<String>) -> Self {
                Self { variable, $($field: None),+ }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(deny_unknown_fields, rename_all = "kebab-case")]
                struct Table {
                    variable: toml::Spanned<String>,
                    $( $field: Option<toml::Spanned<$type>>, )+
                }
                let written = $crate::describe::NameOr::<Table>::read(deserializer)?;
                Ok(match written {
                    $crate::describe::NameOr::Name(name) => Self::bare(name),
                    $crate::describe::NameOr::Table(table) => {
                        Self { variable: table.variable, $($field: table.$field),+ }
                    }
                })
            }
        }

        impl $crate::describe::Describe for $name {
            fn shape() -> $crate::describe::Shape {
                let mut keys = vec![$crate::describe::key::<String>("variable", &["the variable"], false)];
                $( keys.push($crate::describe::key::<Option<$type>>(stringify!($field), &[$($field_doc),+], false)); )+
                let table = $crate::describe::Table { about: $crate::describe::about(&[$($doc),+]), keys };
                $crate::describe::Shape::Either(vec![
                    $crate::describe::Shape::Text,
                    $crate::describe::Shape::Table(table),
                ])
            }
        }
    )+};
}

/// What is a text or a table.
pub(crate) enum NameOr<T> {
    /// The text, with its place.
    Name(Spanned<String>),
    /// The table.
    Table(T),
}

impl<T: for<'a> serde::Deserialize<'a>> NameOr<T> {
    /// Reads one of the two; the places of what stands in the table are kept, which serde's untagged enums lose.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written<T>(Result<String, T>);
        struct Either<T>(PhantomData<T>);
        impl<'de, T: serde::Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Written<T>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or a table")
            }
            fn visit_str<E>(self, text: &str) -> Result<Written<T>, E> {
                Ok(Written(Ok(text.to_owned())))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|table| Written(Err(table)))
            }
        }
        impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Written<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Either(PhantomData))
            }
        }
        let written = Spanned::<Written<T>>::deserialize(deserializer)?;
        let span = written.span();
        Ok(match written.into_inner().0 {
            Ok(name) => Self::Name(Spanned::new(span, name)),
            Err(table) => Self::Table(table),
        })
    }
}

pub(crate) use {described, entry, words};
