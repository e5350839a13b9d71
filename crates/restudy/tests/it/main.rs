//! The command as its users meet it, and the walls between the crates.

mod broken_input;
mod commands;
mod walls;
