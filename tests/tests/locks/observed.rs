//! What a transaction was said to do, and what it did.

use std::collections::BTreeMap;

use deepref_schema_core::locks::{Lock, LockMode, Work};
use postgres::Client;

/// Object identifiers stay when names change.
type Oid = u32;

/// What was claimed and seen of one transaction so far.
pub(crate) struct Observed {
    /// The tables that were there before it.
    tables: Vec<Oid>,
    /// The strongest lock of each relation that was claimed.
    claimed: BTreeMap<Oid, LockMode>,
    /// What the next statement does, and to which relation above all.
    work: BTreeMap<Oid, Work>,
    first: Option<Oid>,
    files: BTreeMap<Oid, (Oid, i64)>,
}

impl Observed {
    /// At the start of a transaction.
    pub(crate) fn new(client: &mut Client) -> Self {
        let tables = "SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
        let rows = client.query(tables, &[]).expect("the tables can be read");
        Self {
            tables: rows.iter().map(|row| row.get(0)).collect(),
            claimed: BTreeMap::new(),
            work: BTreeMap::new(),
            first: None,
            files: BTreeMap::new(),
        }
    }

    /// Notes what the model says of the next statement, while its names are still true.
    pub(crate) fn claim(&mut self, client: &mut Client, locks: &[Lock]) {
        self.work.clear();
        self.first = None;
        for lock in locks {
            let oid = oid(client, &lock.relation.sql());
            let mode = self.claimed.entry(oid).or_insert(lock.mode);
            *mode = lock.mode.max(*mode);
            self.work.insert(oid, lock.work);
            self.first = self.first.or(Some(oid));
        }
        self.files = files(client, &self.tables);
    }

    /// Compares with what the statement did.
    pub(crate) fn check(&self, client: &mut Client) -> Result<(), String> {
        let held = held(client);
        for (oid, mode) in &self.claimed {
            if held.get(oid) != Some(mode) {
                return Err(format!("claimed {mode:?} on {oid}, held {:?}", held.get(oid)));
            }
        }
        for (oid, mode) in held.iter().filter(|(oid, _)| self.tables.contains(oid)) {
            if *mode >= LockMode::ShareUpdateExclusive && self.claimed.get(oid) != Some(mode) {
                return Err(format!("held {mode:?} on {oid}, claimed {:?}", self.claimed.get(oid)));
            }
        }
        self.check_work(client)
    }

    /// Whether others wait for a table, and the statement took time.
    pub(crate) fn others_wait(&self, client: &mut Client) -> bool {
        let waited_for =
            |(oid, mode): (&Oid, &LockMode)| self.tables.contains(oid) && mode.blocks_writes();
        let worked = |(oid, (file, scans))| self.files[&oid] != (file, scans);
        held(client).iter().any(waited_for) && files(client, &self.tables).into_iter().any(worked)
    }

    fn check_work(&self, client: &mut Client) -> Result<(), String> {
        for (oid, (file, scans)) in files(client, &self.tables) {
            let work = self.work.get(&oid).copied().unwrap_or_default();
            let (old_file, old_scans) = self.files[&oid];
            if (file != old_file) != (work == Work::Rewrite) {
                return Err(format!("claimed {work:?} of {oid}, file {old_file} is {file}"));
            }
            // The other table of a foreign key is read as the planner likes.
            if self.first == Some(oid) && (scans > old_scans) != (work != Work::Nothing) {
                return Err(format!("claimed {work:?} of {oid}, {} scans", scans - old_scans));
            }
        }
        Ok(())
    }
}

fn oid(client: &mut Client, name: &str) -> Oid {
    let row = client.query_one("SELECT to_regclass($1)::oid", &[&name]).expect("an answer");
    row.get::<_, Option<Oid>>(0).unwrap_or_else(|| panic!("there is no `{name}`"))
}

/// The strongest lock that the session holds on each relation.
pub(crate) fn held_by(client: &mut Client, pid: i32) -> BTreeMap<Oid, LockMode> {
    let locks = "SELECT relation, mode FROM pg_locks
        WHERE pid = $1 AND locktype = 'relation' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let mut held = BTreeMap::new();
    for row in client.query(locks, &[&pid]).expect("the locks can be read") {
        let mode = mode(row.get(1));
        let strongest = held.entry(row.get(0)).or_insert(mode);
        *strongest = mode.max(*strongest);
    }
    held
}

fn held(client: &mut Client) -> BTreeMap<Oid, LockMode> {
    let pid = client.query_one("SELECT pg_backend_pid()", &[]).expect("an answer").get(0);
    held_by(client, pid)
}

/// `AccessShareLock` is `ACCESS SHARE`.
fn mode(name: &str) -> LockMode {
    let same = |mode: &LockMode| mode.name().replace(' ', "") + "LOCK" == name.to_uppercase();
    LockMode::ALL.into_iter().find(same).unwrap_or_else(|| panic!("what is {name}?"))
}

/// The files of tables that are still there, and how often the session has scanned them.
fn files(client: &mut Client, tables: &[Oid]) -> BTreeMap<Oid, (Oid, i64)> {
    let files = "SELECT oid, pg_relation_filenode(oid), pg_stat_get_xact_numscans(oid)
        FROM pg_class WHERE oid = ANY($1)";
    let rows = client.query(files, &[&tables]).expect("the files can be read");
    rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
}
