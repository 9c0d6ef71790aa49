//! Which seeds are run.

use super::{Seed, Seeding, Seeds};
use crate::Error;

impl Seeding {
    /// The seeds to run, each after those that it needs, and the names of those
    /// that are for other environments.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no seed of a name, [`Error::Refused`]
    /// where one that was asked for is not for this environment.
    pub fn choose(&self, seeds: &Seeds) -> Result<(Vec<&'static Seed>, Vec<&'static str>), Error> {
        let mut wanted: Vec<&str> = self.names.iter().map(String::as_str).collect();
        for name in &self.names {
            self.check_name(name, seeds)?;
        }
        // Backwards through the order, so that what is needed is found before it is met.
        for seed in seeds.seeds.iter().rev().filter(|_| !self.names.is_empty()) {
            if wanted.contains(&seed.name) {
                wanted.extend(seed.after);
            }
        }
        let asked = |seed: &&Seed| self.names.is_empty() || wanted.contains(&seed.name);
        let (chosen, others): (Vec<_>, Vec<_>) =
            seeds.iter().filter(asked).partition(|seed| self.is_here(seed));
        Ok((chosen, others.iter().map(|seed| seed.name).collect()))
    }

    fn is_here(&self, seed: &Seed) -> bool {
        seed.environments.contains(&self.environment)
    }

    fn check_name(&self, name: &str, seeds: &Seeds) -> Result<(), Error> {
        let Some(seed) = seeds.iter().find(|seed| seed.name == name) else {
            let names = seeds.iter().map(|seed| seed.name);
            let help = deepref_schema_core::suggest::help(name, names).unwrap_or_default();
            return Err(Error::Usage { problem: format!("there is no seed `{name}`"), help });
        };
        if self.is_here(seed) {
            return Ok(());
        }
        let own: Vec<_> = seed.environments.iter().map(|one| one.word()).collect();
        Err(Error::Refused {
            problem: format!(
                "seed `{name}` is for {}, and this is {}",
                own.join(", "),
                self.environment
            ),
            help: "nothing was seeded; its head says where it is run".into(),
        })
    }
}
