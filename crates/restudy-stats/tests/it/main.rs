//! Every method against values obtained elsewhere; the tree is that of `src`.

mod golden;
mod multiplicity;
