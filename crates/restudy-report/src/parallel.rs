//! Work on many things of which none needs another.

/// What `work` makes of each, in order; side by side with the feature `threads`.
pub(crate) fn each<T: Send, U: Send>(things: Vec<T>, work: impl Fn(T) -> U + Send + Sync) -> Vec<U> {
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        things.into_par_iter().map(work).collect()
    }
    #[cfg(not(feature = "threads"))]
    things.into_iter().map(work).collect()
}
