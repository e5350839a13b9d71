use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Replicates that one worker makes before it hands them over.
#[cfg(feature = "threads")]
const CHUNK: u32 = 32;

/// How many replicates, and from which seed.
///
/// Replicate k draws from stream k of the `ChaCha` cipher with 8 rounds (Bernstein 2008) under a key expanded from the seed
/// by PCG32, the rule of Rust's `rand`: output that is specified, and the same on every machine. The replicates of a longer
/// run begin with those of a shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resampling {
    /// Replicates.
    pub replicates: u32,
    /// The seed, which belongs to the result.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { replicates: 2000, seed: 1 }
    }
}

impl Resampling {
    /// The random numbers of a replicate.
    #[must_use]
    pub fn stream(&self, replicate: u32) -> Stream {
        self.key().stream(replicate)
    }

    fn key(&self) -> Key {
        Key(ChaCha8Rng::seed_from_u64(self.seed))
    }

    /// What `replicate` makes of each stream, in the order of the replicates.
    ///
    /// `scratch` is room to work in, made once for many replicates: what it holds after one must not matter to the next.
    pub fn each<S, T: Send>(
        &self,
        scratch: impl Fn() -> S + Sync,
        replicate: impl Fn(&mut S, &mut Stream) -> T + Sync,
    ) -> Vec<T> {
        let key = self.key();
        let some = |range: std::ops::Range<u32>| -> Vec<T> {
            let mut scratch = scratch();
            range.map(|index| replicate(&mut scratch, &mut key.stream(index))).collect()
        };
        #[cfg(feature = "threads")]
        if self.replicates > CHUNK {
            use rayon::prelude::*;
            let chunks = (0..self.replicates.div_ceil(CHUNK)).into_par_iter();
            let some = |chunk: u32| some(chunk * CHUNK..self.replicates.min((chunk + 1).saturating_mul(CHUNK)));
            return chunks.map(some).collect::<Vec<_>>().into_iter().flatten().collect();
        }
        some(0..self.replicates)
    }
}

/// The cipher before its first block, from which streams are cut without expanding the seed again.
struct Key(ChaCha8Rng);

impl Key {
    fn stream(&self, replicate: u32) -> Stream {
        let mut generator = self.0.clone();
        generator.set_stream(u64::from(replicate));
        Stream { generator }
    }
}

/// The random numbers of one replicate.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// A whole number below `n`, all of them equally likely; 0 for n = 0.
    ///
    /// Lemire's multiplication with rejection (ACM Transactions on Modeling and Computer Simulation 29 (2019) 3), on 32
    /// bits: exactly uniform, and a division in hardly any draw.
    pub fn below(&mut self, n: u32) -> u32 {
        let mut product = u64::from(self.generator.next_u32()) * u64::from(n);
        if (product as u32) < n {
            let least = n.wrapping_neg() % n;
            while (product as u32) < least {
                product = u64::from(self.generator.next_u32()) * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    /// A number in [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }
}
