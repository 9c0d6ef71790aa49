//! The snapshot of a catalog sees every kind of change.

use tests::catalog::CHANGES;
use tests::{catalog, database, server};

#[test]
fn every_change_is_seen() {
    for server in server::all() {
        let database = database::fresh(server);
        let mut client = database.client();
        let mut before = catalog::snapshot(&mut client);
        for change in CHANGES {
            client.batch_execute(change).unwrap_or_else(|error| panic!("`{change}`: {error:?}"));
            let after = catalog::snapshot(&mut client);
            assert_ne!(before, after, "`{change}` is not seen on PostgreSQL {}", server.major());
            before = after;
        }
    }
}

#[test]
fn what_is_undone_is_not_seen() {
    let database = database::fresh(server::newest());
    let mut client = database.client();
    let setup = "CREATE EXTENSION hstore; CREATE TABLE users (id int NOT NULL, name text, mail text DEFAULT 'x')";
    client.batch_execute(setup).unwrap();
    let before = catalog::snapshot(&mut client);
    // The column comes back in another place.
    client.batch_execute("ALTER TABLE users DROP name; ALTER TABLE users ADD name text").unwrap();
    client.batch_execute("INSERT INTO users VALUES (1)").unwrap();
    catalog::assert_same(&before, &catalog::snapshot(&mut client));
    client.batch_execute("ALTER TABLE users ALTER mail DROP DEFAULT").unwrap();
    let difference = catalog::difference(&before, &catalog::snapshot(&mut client));
    assert_eq!(
        difference,
        "-column\tpublic.users.mail\ttext default 'x'::text\n+column\tpublic.users.mail\ttext\n"
    );
}

#[test]
fn a_prepared_database_is_prepared_once() {
    let server = server::newest();
    let first = database::prepared(server, "with_users", |client| {
        client.batch_execute("CREATE TABLE users (id int); INSERT INTO users VALUES (1)").unwrap();
    });
    let second = database::prepared(server, "with_users", |_| panic!("prepared twice"));
    first.client().batch_execute("DELETE FROM users").unwrap();
    let rows: i64 = second.client().query_one("SELECT count(*) FROM users", &[]).unwrap().get(0);
    assert_eq!(rows, 1);
}
