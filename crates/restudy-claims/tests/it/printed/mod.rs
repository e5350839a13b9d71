mod cell;
mod exact;
mod number;
