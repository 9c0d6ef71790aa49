//! Choices that numbers decide.

/// Numbers that are used up one by one; after the last one every choice is the first.
pub(super) struct Choice<'a> {
    numbers: std::slice::Iter<'a, u16>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(numbers: &'a [u16]) -> Self {
        Self { numbers: numbers.iter() }
    }

    /// A number below another.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::from(self.numbers.next().copied().unwrap_or_default()) % end.max(1)
    }

    /// Yes, once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of several.
    pub(super) fn of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    /// One of several texts.
    pub(super) fn text(&mut self, all: &[&'static str]) -> &'static str {
        self.of(all).unwrap_or_default()
    }

    /// Some of several, at least one, in another order.
    pub(super) fn some<T: Clone>(&mut self, all: &[T], most: usize) -> Vec<T> {
        let mut rest = all.to_vec();
        let count = 1 + self.below(most.min(rest.len()));
        (0..count.min(rest.len())).map(|_| rest.remove(self.below(rest.len()))).collect()
    }

    /// One of several, by their weights.
    pub(super) fn weighted<T: Copy>(&mut self, all: &[(u32, T)]) -> T {
        let sum: u32 = all.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(sum as usize) as u32;
        for (weight, one) in all {
            if left < *weight {
                return *one;
            }
            left -= weight;
        }
        all[0].1
    }
}
