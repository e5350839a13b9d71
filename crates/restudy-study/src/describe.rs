//! The study file described by its own types: what `restudy schema` and the reference of keys are made of.
//!
//! [`described!`] declares a table of the file once: a struct that serde reads, and the description of its keys by the
//! very words of their documentation. [`words!`] does the same for a closed list of words, [`entry!`] for an entry that
//! may be a name or a table that says more.

use std::collections::BTreeMap;

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

/// Declares an entry of a list that is a variable's name, or a table that says more of it.
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
            pub variable: String,
            $( $(#[doc = $field_doc])+ pub $field: Option<$type>, )+
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(deny_unknown_fields, rename_all = "kebab-case")]
                struct Table {
                    variable: String,
                    $( $field: Option<$type>, )+
                }
                struct Entry;
                impl<'de> serde::de::Visitor<'de> for Entry {
                    type Value = $name;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("a variable's name, or a table with `variable`")
                    }
                    fn visit_str<E>(self, name: &str) -> Result<$name, E> {
                        Ok($name { variable: name.to_owned(), $($field: None),+ })
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<$name, A::Error> {
                        let table: Table = serde::Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                        Ok($name { variable: table.variable, $($field: table.$field),+ })
                    }
                }
                deserializer.deserialize_any(Entry)
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

pub(crate) use {described, entry, words};
