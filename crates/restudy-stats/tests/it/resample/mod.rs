mod bootstrap;
mod permutation;
mod stream;
