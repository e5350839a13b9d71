//! Every digit of a double, and rounding decided on all of them.

/// What happens to a number exactly halfway between two printable ones.
///
/// Halfway is decided on the exact value of the double: 0.125 is halfway between 0.12 and 0.13; 1.005 is stored as
/// 1.00499999999999989… and is not halfway between anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Away from zero: 0.125 becomes 0.13 (SPSS, SAS, Excel, and what is taught).
    #[default]
    HalfAwayFromZero,
    /// To the even neighbour: 0.125 becomes 0.12 (IEC 60559, R, Python).
    HalfToEven,
}

impl Rounding {
    /// The rule of that name in the ledger's convention `rounding`: `half-away` or `half-even`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "half-away" | "half_away" => Some(Self::HalfAwayFromZero),
            "half-even" | "half_even" => Some(Self::HalfToEven),
            _ => None,
        }
    }

    /// Whether the kept part moves up, given whether it is odd and how the dropped part compares with one half.
    pub(crate) fn up(self, odd: bool, dropped_to_half: std::cmp::Ordering) -> bool {
        dropped_to_half.is_gt() || (dropped_to_half.is_eq() && (self == Self::HalfAwayFromZero || odd))
    }
}

/// The magnitude of a finite double as its complete decimal expansion: it always ends, after at most 1074 places.
#[derive(Clone, Debug)]
pub(crate) struct Expansion {
    /// Digits, most significant first, without a point; at least one before the point.
    digits: Vec<u8>,
    /// How many of them stand before the point.
    whole: usize,
}

impl Expansion {
    /// Of |x|. An x that is not finite has no expansion.
    pub(crate) fn of(x: f64) -> Option<Self> {
        if !x.is_finite() {
            return None;
        }
        // With as many places as the binary fraction has bits, formatting drops nothing.
        let text = format!("{:.*}", binary_places(x), x.abs());
        let whole = text.find('.').unwrap_or(text.len());
        let digits = text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
        Some(Self { digits, whole })
    }

    /// The power of ten of the first digit that is not 0; none for zero.
    pub(crate) fn exponent(&self) -> Option<i32> {
        let first = self.digits.iter().position(|&digit| digit != 0)?;
        Some(self.whole as i32 - 1 - first as i32)
    }

    /// Rounded to that many places.
    pub(crate) fn round(&self, places: usize, rounding: Rounding) -> Self {
        let keep = self.whole + places;
        let mut digits: Vec<u8> = self.digits.iter().copied().chain(std::iter::repeat(0)).take(keep).collect();
        let mut whole = self.whole;
        if let Some((&first, rest)) = self.digits.get(keep..).and_then(<[u8]>::split_first) {
            let to_half = first.cmp(&5).then_with(|| rest.iter().any(|&digit| digit != 0).cmp(&false));
            let odd = digits.last().is_some_and(|digit| digit % 2 == 1);
            if rounding.up(odd, to_half) && carry(&mut digits) {
                digits.insert(0, 1);
                whole += 1;
            }
        }
        Self { digits, whole }
    }

    /// A hundred times as much: the point moves, nothing is multiplied.
    pub(crate) fn percent(mut self) -> Self {
        self.whole += 2;
        self.digits.resize(self.digits.len().max(self.whole), 0);
        let idle = self.digits.iter().take(self.whole - 1).take_while(|&&digit| digit == 0).count();
        self.digits.drain(..idle);
        self.whole -= idle;
        self
    }

    /// Whether every digit is 0.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits.iter().all(|&digit| digit == 0)
    }

    /// The digits with their point, without a sign.
    pub(crate) fn text(&self) -> String {
        let mut text = String::with_capacity(self.digits.len() + 1);
        for (index, &digit) in self.digits.iter().enumerate() {
            if index == self.whole {
                text.push('.');
            }
            text.push(char::from(b'0' + digit));
        }
        text
    }
}

/// Adds one unit to the last digit; whether the carry ran out in front.
fn carry(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    true
}

/// Bits behind the binary point, which is also the number of decimal places of the exact value.
fn binary_places(x: f64) -> usize {
    let bits = x.to_bits();
    let (biased, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let (mantissa, exponent) =
        if biased == 0 { (fraction, -1074) } else { (fraction | (1 << 52), biased as i32 - 1075) };
    if mantissa == 0 {
        return 0;
    }
    let places = -(exponent + mantissa.trailing_zeros() as i32);
    usize::try_from(places).unwrap_or(0)
}
