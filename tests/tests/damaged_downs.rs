//! A written `down` that does not undo its `up`: the model says so, by the item, exactly where the
//! catalog of a server differs from what it was.

use deepref_schema_core::history::Verified;
use tests::catalog::snapshot;
use tests::database::{TestDatabase, fresh};
use tests::model::{Change, Checked, apply, check};
use tests::server::{TestServer, all, newest};

const BEFORE: &str = r#"
    create extension citext;
    create enum mood { happy, sad, calm }
    create sequence s increment 5 owned by none;
    create table orgs { id: int primary key, code: text unique }
    create table t {
        id: int primary key,
        name: varchar(20) collate C = "x",
        mood: mood? = "happy",
        org: int? references orgs on delete cascade,
        n: bigint identity by default (start 5),
        price: numeric(10, 2),
        twice: numeric generated as (price * 2) stored,
        spare: serial,
        unique UQ_name (name) deferrable initially deferred,
        check CHK_price (price > 0),
    }
    alter table t add check CHK_late (price < 100) not valid;
    create index IDX on t (name desc, lower(name)) include (price) where price > 5;
    comment on table t is "things";
    comment on column t.name is "its name";
    comment on constraint CHK_price on t is "positive";
    comment on index IDX is "quick";
    comment on enum mood is "how";
"#;

/// An `up`, and ways back that leave something else, each with what is said of it.
struct Damage {
    up: &'static str,
    right: &'static str,
    wrong: &'static [(&'static str, &'static str)],
}

const DAMAGES: &[Damage] = &[
    Damage {
        up: "create table u { id: int primary key, a: serial }",
        right: "drop table u;",
        wrong: &[
            ("", "table `u` is left over"),
            ("drop table u; create sequence u_a_seq;", "sequence `u_a_seq` is left over"),
            ("alter table u rename to v;", "table `v` is left over"),
        ],
    },
    Damage {
        up: "alter table t alter column name type text;",
        right: "alter table t alter column name type varchar(20) collate C;",
        wrong: &[
            ("", "the type is `text`, it was `varchar(20)`"),
            (
                "alter table t alter column name type varchar(21) collate C;",
                "the type is `varchar(21)`",
            ),
            ("alter table t alter column name type varchar(20);", "the collation"),
        ],
    },
    Damage {
        up: "#[allow(data_loss, reason = \"x\")] alter table t drop column name;",
        right: "alter table t add column name: varchar(20) collate C = \"x\"; comment on column t.name is \"its name\"; alter table t add unique UQ_name (name) deferrable initially deferred; create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
        wrong: &[
            (
                "alter table t add column name: varchar(20)? collate C = \"x\"; comment on column t.name is \"its name\"; alter table t add unique UQ_name (name) deferrable initially deferred; create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "NOT NULL is missing",
            ),
            (
                "alter table t add column name: varchar(20) collate C = \"y\"; comment on column t.name is \"its name\"; alter table t add unique UQ_name (name) deferrable initially deferred; create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "the default is `'y'`, it was `'x'`",
            ),
            (
                "alter table t add column name: varchar(20) collate C = \"x\"; alter table t add unique UQ_name (name) deferrable initially deferred; create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "the comment `its name` is missing",
            ),
            (
                "alter table t add column name: varchar(20) collate C = \"x\"; comment on column t.name is \"its name\"; alter table t add unique UQ_name (name) deferrable; create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "constraint `UQ_name`",
            ),
            (
                "alter table t add column name: varchar(20) collate C = \"x\"; comment on column t.name is \"its name\"; create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "constraint `UQ_name` of table `t` is missing",
            ),
            (
                "alter table t add column name: varchar(20) collate C = \"x\"; comment on column t.name is \"its name\"; alter table t add unique UQ_name (name) deferrable initially deferred;",
                "index `IDX` of table `t` is missing",
            ),
        ],
    },
    Damage {
        up: "drop index IDX;",
        right: "create index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
        wrong: &[
            ("", "index `IDX` of table `t` is missing"),
            (
                "create index IDX on t (name, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "index `IDX` of table `t`: the definition",
            ),
            (
                "create index IDX on t (name desc, upper(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "the definition",
            ),
            (
                "create index IDX on t (name desc, lower(name)) where price > 5; comment on index IDX is \"quick\";",
                "index `IDX`",
            ),
            (
                "create index IDX on t (name desc, lower(name)) include (price) where price > 6; comment on index IDX is \"quick\";",
                "the condition is `price > 6`",
            ),
            (
                "create index IDX on t (name desc, lower(name)) include (price); comment on index IDX is \"quick\";",
                "the condition `price > 5` is missing",
            ),
            (
                "create index IDX on t (name desc, lower(name)) include (price) with (fillfactor = 50) where price > 5; comment on index IDX is \"quick\";",
                "index `IDX` of table `t`: its options differ",
            ),
            (
                "create unique index IDX on t (name desc, lower(name)) include (price) where price > 5; comment on index IDX is \"quick\";",
                "unique",
            ),
            (
                "create index IDX on t (name desc, lower(name)) include (price) where price > 5;",
                "the comment `quick` is missing",
            ),
            (
                "create index IDX2 on t (name desc, lower(name)) include (price) where price > 5;",
                "index `IDX2` of table `t` is left over",
            ),
        ],
    },
    Damage {
        up: "alter table t alter column mood drop default;",
        right: "alter table t alter column mood set default \"happy\";",
        wrong: &[
            ("", "the default `'happy'` is missing"),
            ("alter table t alter column mood set default \"sad\";", "the default is `'sad'`"),
        ],
    },
    Damage {
        up: "alter table t alter column mood set not null;",
        right: "alter table t alter column mood drop not null;",
        wrong: &[("", "NOT NULL is left over")],
    },
    Damage {
        up: "alter table t drop constraint t_org_fkey;",
        right: "alter table t add foreign key (org) references orgs on delete cascade;",
        wrong: &[
            ("", "constraint `t_org_fkey` of table `t` is missing"),
            (
                "alter table t add foreign key (org) references orgs;",
                "constraint `t_org_fkey` of table `t`: the definition",
            ),
            (
                "alter table t add foreign key (org) references orgs on delete set null;",
                "the definition",
            ),
            (
                "alter table t add foreign key (org) references orgs on delete cascade on update cascade;",
                "the definition",
            ),
            (
                "alter table t add foreign key (org) references orgs on delete cascade deferrable;",
                "the definition",
            ),
            (
                "alter table t add foreign key (org) references orgs on delete cascade not valid;",
                "the definition",
            ),
            (
                "alter table t add foreign key FK (org) references orgs on delete cascade;",
                "constraint `FK` of table `t` is left over",
            ),
        ],
    },
    Damage {
        up: "alter table t drop constraint CHK_price;",
        right: "alter table t add check CHK_price (price > 0); comment on constraint CHK_price on t is \"positive\";",
        wrong: &[
            (
                "alter table t add check CHK_price (price > 1); comment on constraint CHK_price on t is \"positive\";",
                "the definition",
            ),
            ("alter table t add check CHK_price (price > 0);", "the comment `positive` is missing"),
        ],
    },
    Damage {
        up: "alter table t validate constraint CHK_late;",
        right: "alter table t { drop constraint CHK_late, add check CHK_late (price < 100) not valid }",
        wrong: &[("", "constraint `CHK_late` of table `t`")],
    },
    Damage {
        up: "alter enum mood add value cross after happy;",
        right: "alter enum mood drop value cross;",
        wrong: &[
            ("", "the list of values is `happy, cross, sad, calm`, it was `happy, sad, calm`"),
            ("alter enum mood drop value calm;", "the list of values"),
            (
                "alter enum mood { drop value cross, drop value calm, add value calm before sad }",
                "the list of values",
            ),
            ("alter enum mood { drop value cross, rename to moods }", "enum `moods` is left over"),
            (
                "alter enum mood drop value cross; comment on enum mood is none;",
                "the comment `how` is missing",
            ),
        ],
    },
    Damage {
        up: "alter sequence s increment 7 cache 5;",
        right: "alter sequence s increment 5 cache 1;",
        wrong: &[
            ("", "sequence `s`: the definition"),
            ("alter sequence s increment 5;", "the definition"),
            (
                "alter sequence s increment 5 cache 1 owned by t.id;",
                "the owner `t.id` is left over",
            ),
        ],
    },
    Damage {
        up: "alter table t alter column n drop identity;",
        right: "alter table t alter column n add identity by default (start 5);",
        wrong: &[
            ("", "the identity is missing"),
            ("alter table t alter column n add identity (start 5);", "the identity differs"),
            ("alter table t alter column n add identity by default;", "the identity differs"),
            (
                "create sequence t_n_seq as bigint start 5 owned by t.n; alter table t alter column n set default nextval(\"t_n_seq\");",
                "sequence `t_n_seq` is left over",
            ),
        ],
    },
    Damage {
        up: "alter table t drop column twice;",
        right: "alter table t add column twice: numeric generated as (price * 2) stored;",
        wrong: &[
            (
                "alter table t add column twice: numeric generated as (price * 3) stored;",
                "the generating expression is",
            ),
            ("alter table t add column twice: numeric = 2;", "the generating expression"),
        ],
    },
    Damage {
        up: "alter table t { rename column price to cost, rename constraint CHK_price to CHK_cost }",
        right: "alter table t { rename constraint CHK_cost to CHK_price, rename column cost to price }",
        wrong: &[
            (
                "alter table t rename column cost to price;",
                "constraint `CHK_cost` of table `t` is left over",
            ),
            (
                "alter table t rename constraint CHK_cost to CHK_price;",
                "column `cost` of table `t` is left over",
            ),
        ],
    },
    Damage {
        up: "alter table t rename to u;",
        right: "alter table u rename to t;",
        wrong: &[
            ("", "table `t` is missing"),
            ("alter table u rename to v;", "table `v` is left over"),
        ],
    },
    Damage {
        up: "create schema app; create extension hstore;",
        right: "drop extension hstore; drop schema app;",
        wrong: &[
            ("drop extension hstore;", "schema `app` is left over"),
            ("drop schema app;", "extension `hstore` is left over"),
            (
                "drop extension citext; create extension citext schema app;",
                "extension `citext`: the schema",
            ),
        ],
    },
    Damage {
        up: "comment on table t is none; comment on column t.name is \"new\";",
        right: "comment on table t is \"things\"; comment on column t.name is \"its name\";",
        wrong: &[
            (
                "comment on column t.name is \"its name\";",
                "table `t`: the comment `things` is missing",
            ),
            ("comment on table t is \"things\";", "the comment is `new`, it was `its name`"),
        ],
    },
];

#[test]
fn the_model_and_the_servers_see_what_differs() {
    let mut problems = Vec::new();
    for server in [all()[0], newest()] {
        for damage in DAMAGES {
            problems.extend(tried(server, damage.up, damage.right, None));
            for (down, said) in damage.wrong {
                problems.extend(tried(server, damage.up, down, Some(said)));
            }
        }
    }
    assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
}

/// What is wrong about a `down` that differs by `said`, or does not.
fn tried(server: &'static TestServer, up: &str, down: &str, said: Option<&str>) -> Option<String> {
    let body = format!("up {{ {up} }} down {{ {down} }}");
    let checked = check(&Change { before: BEFORE, body: &body, oldest: 14 });
    let problem = match said {
        None => not_accepted(&checked.verified),
        Some(said) => not_said(&checked.verified, said),
    };
    if problem.is_some() {
        return problem.map(|problem| format!("{body}: {problem}"));
    }
    match differs(server, &checked) {
        Err(why) => Some(format!("{body} on {}: {why}", server.major())),
        Ok(differs) if differs != said.is_some() => {
            Some(format!("{body} on {}: the catalog differs: {differs}", server.major()))
        }
        Ok(_) => None,
    }
}

fn not_accepted(verified: &Verified) -> Option<String> {
    let found = verified.diagnostics.first()?;
    Some(format!("the model refuses it: {}", found.text()))
}

fn not_said(verified: &Verified, said: &str) -> Option<String> {
    match verified.diagnostics.as_slice() {
        [one] if one.rule == "down_differs" && one.origin.is_known() => {
            let found = one.notes.iter().any(|note| note.contains(said));
            (!found).then(|| format!("`{said}` is not said: {}", one.text()))
        }
        found => Some(format!("wanted `down_differs`: {found:?}")),
    }
}

/// Whether the catalog of a server is another one after up and down.
fn differs(server: &'static TestServer, checked: &Checked) -> Result<bool, String> {
    let database: TestDatabase = fresh(server);
    let mut client = database.client();
    apply(&mut client, &checked.setup)?;
    let before = snapshot(&mut client);
    apply(&mut client, &checked.verified.up)?;
    apply(&mut client, checked.verified.down.as_ref().ok_or("there is no way back")?)?;
    Ok(snapshot(&mut client) != before)
}
