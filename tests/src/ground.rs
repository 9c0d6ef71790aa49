//! A database that changes are tried on, one after the other: each is reverted before the next.

use std::hash::{DefaultHasher, Hash, Hasher};

use deepref_schema_core::history::{Fold, RevertClass, Verified};
use deepref_schema_core::migration::Settings;
use deepref_schema_core::schema::Schema;
use postgres::Client;

use crate::catalog::snapshot;
use crate::database::{TestDatabase, prepared};
use crate::hostile;
use crate::laws;
use crate::model::{apply, assert_accepted, catalog_of, execute, model_catalog, same, step};
use crate::rows;
use crate::server::TestServer;

/// What cases of one topic share.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The statements before, in the language.
    pub before: &'static str,
    /// Rows for the tables of `before`, as SQL.
    pub rows: &'static str,
    /// The oldest version that the history supports.
    pub oldest: u32,
    /// The changes that are tried.
    pub cases: &'static [Case],
}

impl Topic {
    fn settings(&self) -> Settings {
        Settings { oldest_postgres: self.oldest, ..Settings::default() }
    }
}

/// One change on top of a topic.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    up: &'static str,
    down: Option<&'static str>,
    lost: &'static [&'static str],
}

/// A change with a derived way back. `#[lossy]` in it stands for an `allow` of `data_loss`.
pub const fn up(up: &'static str) -> Case {
    Case { up, down: None, lost: &[] }
}

impl Case {
    /// The same with a written way back.
    #[must_use]
    pub const fn down(self, down: &'static str) -> Self {
        Self { down: Some(down), ..self }
    }

    /// The same, of which these tables (`t`) and columns (`t.c`) lose their data.
    #[must_use]
    pub const fn losing(self, lost: &'static [&'static str]) -> Self {
        Self { lost, ..self }
    }

    /// The body of the migration.
    pub fn body(&self) -> String {
        let down = self.down.map_or_else(String::new, |down| format!(" down {{ {down} }}"));
        let body = format!("up {{ {} }}{down}", self.up);
        body.replace("#[lossy]", "#[allow(data_loss, reason = \"tested\")]")
    }
}

/// Proves every case of a topic on a server. Gives what went wrong, one text a case.
pub fn prove_topic(server: &'static TestServer, topic: &Topic) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut ground = Ground::new(server, topic);
    for case in topic.cases {
        let proved = ground.prove(case);
        if proved.is_err() || !case.lost.is_empty() {
            ground = Ground::new(server, topic);
        }
        if let Err(why) = proved {
            wrong.push(format!("{} on {}:\n{why}", case.body(), server.major()));
        }
    }
    wrong
}

/// Proves every case of a topic on these servers, as far as it is for them, and that the laws hold
/// that need no server.
#[track_caller]
pub fn prove_on(servers: Vec<&'static TestServer>, topic: &Topic) {
    let servers = servers.into_iter().filter(|server| server.major() >= topic.oldest);
    let mut wrong = lawless(topic);
    wrong.extend(servers.flat_map(|server| prove_topic(server, topic)));
    assert!(wrong.is_empty(), "{} wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// The cases of a topic for which a law does not hold, with what is broken.
fn lawless(topic: &Topic) -> Vec<String> {
    let mut before = Fold::new(topic.settings());
    step(&mut before, 1, &format!("up {{ {} }}", topic.before));
    let mut wrong = Vec::new();
    for case in topic.cases {
        let mut after = before.clone();
        step(&mut after, 2, &case.body());
        if let Err(why) = laws::hold(&topic.settings(), &before, &after, &case.body()) {
            wrong.push(format!("{}:\n{why}", case.body()));
        }
    }
    wrong
}

struct Ground {
    fold: Fold,
    client: Client,
    catalog: Vec<String>,
    /// Where the schemas of the model are made, to see their catalogs.
    empty: Client,
    /// The extensions that are in it already: making them takes most of the time.
    extensions: Vec<String>,
    /// Dropped after their clients.
    databases: [TestDatabase; 2],
}

impl Ground {
    #[track_caller]
    fn new(server: &'static TestServer, topic: &Topic) -> Self {
        let mut fold = Fold::new(topic.settings());
        let setup = step(&mut fold, 1, &format!("up {{ {} }}", topic.before));
        assert_accepted(&setup);
        let database = prepared(server, &name("ground", topic), |client| {
            apply(client, &setup.up).unwrap_or_else(|why| panic!("{why}"));
            execute(client, topic.rows).unwrap_or_else(|why| panic!("{why}"));
        });
        let extensions = public_extensions(fold.schema());
        let with_extensions = prepared(server, &name("empty", topic), |client| {
            for extension in &extensions {
                let sql = format!("CREATE EXTENSION \"{extension}\" SCHEMA public");
                execute(client, &sql).unwrap_or_else(|why| panic!("{why}"));
            }
        });
        let databases = [database, with_extensions];
        let [mut client, mut empty] = databases.each_ref().map(TestDatabase::client);
        let catalog = snapshot(&mut client);
        let wanted = catalog_of(&mut empty, fold.schema()).unwrap_or_else(|why| panic!("{why}"));
        same("the setup", &wanted, &catalog).unwrap_or_else(|why| panic!("{why}"));
        Self { fold, client, catalog, empty, extensions, databases }
    }

    /// The catalog of a schema of the model.
    fn model_catalog(&mut self, schema: &Schema) -> Result<Vec<String>, String> {
        let there = public_extensions(schema);
        if self.extensions.iter().all(|extension| there.contains(extension)) {
            return catalog_of(&mut self.empty, schema);
        }
        model_catalog(self.databases[0].server(), schema)
    }

    /// Up, down, up and down: the catalogs are what the model says, the rows what they were. A
    /// revert that is said to be total takes any rows.
    fn prove(&mut self, case: &Case) -> Result<(), String> {
        let mut fold = self.fold.clone();
        let verified = step(&mut fold, 2, &case.body());
        accepted(&verified)?;
        let down = verified.down.as_ref().ok_or("there is no way back")?;
        let rows = rows::snapshot(&mut self.client, case.lost);
        apply(&mut self.client, &verified.up)?;
        let applied = snapshot(&mut self.client);
        same("up", &self.model_catalog(fold.schema())?, &applied)?;
        if verified.revert_class() == Some(RevertClass::Total) {
            hostile::survives(&mut self.client, down)?;
        }
        apply(&mut self.client, down)?;
        same("down", &self.catalog, &snapshot(&mut self.client))?;
        same("down (rows)", &rows, &rows::snapshot(&mut self.client, case.lost))?;
        apply(&mut self.client, &verified.up)?;
        same("up again", &applied, &snapshot(&mut self.client))?;
        apply(&mut self.client, down)
    }
}

/// The name of a template: the same for the same topic.
fn name(what: &str, topic: &Topic) -> String {
    let mut hasher = DefaultHasher::new();
    (topic.before, topic.rows, topic.oldest).hash(&mut hasher);
    format!("{what}_{:x}", hasher.finish())
}

fn public_extensions(schema: &Schema) -> Vec<String> {
    let public = schema.extensions.iter().filter(|(_, extension)| extension.schema == *"public");
    public.map(|(name, _)| name.to_string()).collect()
}

fn accepted(verified: &Verified) -> Result<(), String> {
    let texts: Vec<_> = verified.diagnostics.iter().map(|diagnostic| diagnostic.text()).collect();
    if texts.is_empty() {
        Ok(())
    } else {
        Err(format!("the model refuses it:\n{}", texts.join("\n")))
    }
}
