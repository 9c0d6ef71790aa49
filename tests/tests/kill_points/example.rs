//! A history with everything that a migration can hold.

use deepref_schema::{StatementError, Transaction};

/// Adds to each visit the length of the name: not the same if it is done twice.
fn greet(transaction: &mut Transaction) -> Result<(), StatementError> {
    let people =
        transaction.query("SELECT id, name, status FROM people ORDER BY id LIMIT 3", &[])?;
    for person in people {
        let (id, name): (i64, Option<String>) = (person.get(0), person.get(1));
        let length = name.map_or(0, |name| i32::try_from(name.len()).unwrap_or(0));
        let add =
            "UPDATE people SET visits = visits + $1, note = coalesce(note, '') || $2 WHERE id = $3";
        transaction.execute(add, &[&length, &"greeted ", &id])?;
    }
    transaction.batch_execute("INSERT INTO greetings VALUES (1); INSERT INTO greetings VALUES (2)")
}

fn leave(transaction: &mut Transaction) -> Result<(), StatementError> {
    let leave = "UPDATE people SET visits = visits - length(name) WHERE id IN (SELECT id FROM people ORDER BY id LIMIT 3)";
    transaction.execute(leave, &[])?;
    transaction.batch_execute("DELETE FROM greetings")
}

fn count(transaction: &mut Transaction) -> Result<(), StatementError> {
    let row = transaction.query_one("SELECT count(*) FROM app.orders", &[])?;
    transaction.execute("INSERT INTO greetings VALUES ($1)", &[&(row.get::<_, i64>(0) as i32)])?;
    Ok(())
}

deepref_schema::migrations! {
    #![postgres(14..)]

    migration Begin = 1 {
        up {
            create extension citext;
            create schema app;
            create enum status { open, closed }
            create table people {
                id: bigint primary key identity,
                email: varchar(200),
                name: text?,
                visits: int = 0,
                status: status = "open",
                createdAt: timestamptz = "2020-01-01 00:00:00+00",
                unique UQ_people_email (email),
                check CHK_people_visits (visits >= 0),
            }
            sql "INSERT INTO people (email, name) SELECT 'p' || i || '@example.org', 'P' || i FROM generate_series(1, 40) AS i" down none;
        }
    }

    migration Orders = 2 {
        up {
            create table app.orders {
                person: bigint references people (id),
                number: int,
                note: text?,
                total: numeric(10, 2) = 0,
                primary key (person, number),
            }
            sql "INSERT INTO app.orders (person, number, note) SELECT p.id, n, 'it''s ' || n FROM people AS p, generate_series(1, 3) AS n" down none;
            create index on app.orders (total);
            comment on table app.orders is "what people bought";
        }
    }

    migration FindOrders = 3 {
        up {
            create index concurrently IDX_orders_note on app.orders (note);
            create unique index concurrently UQ_people_name on people (lower(name));
        }
    }

    migration Totals = 4 {
        up {
            alter table app.orders add column cents: bigint?;
            update app.orders set total = total + 1.5, cents = 100 * number in batches of 11
                down "UPDATE app.orders SET total = total - 1.5";
        }
    }

    migration Rename = 5 {
        up {
            alter table people {
                rename column createdAt to joinedAt,
                add column phone: text?,
                alter column visits set default 1,
            }
            comment on column people.phone is "with the country's code";
        }
    }

    migration Archive = 6 {
        up {
            alter enum status add value archived after closed;
            alter table people alter column status set default "archived";
        }
    }

    migration Check = 7 {
        up {
            alter table app.orders add check CHK_orders_cents (cents > 0) concurrently;
            alter table app.orders alter column cents set not null concurrently;
        }
    }

    migration Reference = 8 {
        up {
            create table app.lines {
                id: bigint primary key identity,
                person: bigint,
                number: int,
                text: varchar(50) = "it's \\ $$",
            }
            alter table app.lines add foreign key FK_lines (person, number) references app.orders (person, number) concurrently;
        }
    }

    migration Later = 9 {
        up {
            alter table app.lines add check CHK_lines (number > 0) not valid;
            alter table app.lines validate constraint CHK_lines;
        }
    }

    migration Key = 10 {
        up {
            alter table people add unique UQ_people_phone (phone) concurrently;
            drop index concurrently UQ_people_name;
        }
    }

    migration Topic1 = 11 {
        up {
            create table topic1 { id: int primary key, parent: int? references topic1, value: text = "x1", weight: int? }
            create index on topic1 (value);
            create index on topic1 (weight desc) where weight > 1;
            comment on table topic1 is "topic 1";
            alter table topic1 add column more: int = 1;
            sql "INSERT INTO topic1 (id, weight) SELECT i, i * 1 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic2 = 12 {
        up {
            create table topic2 { id: int primary key, parent: int? references topic2, value: text = "x2", weight: int? }
            create index on topic2 (value);
            create index on topic2 (weight desc) where weight > 2;
            comment on table topic2 is "topic 2";
            alter table topic2 add column more: int = 2;
            sql "INSERT INTO topic2 (id, weight) SELECT i, i * 2 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic3 = 13 {
        up {
            create table topic3 { id: int primary key, parent: int? references topic3, value: text = "x3", weight: int? }
            create index on topic3 (value);
            create index on topic3 (weight desc) where weight > 3;
            comment on table topic3 is "topic 3";
            alter table topic3 add column more: int = 3;
            sql "INSERT INTO topic3 (id, weight) SELECT i, i * 3 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic4 = 14 {
        up {
            create table topic4 { id: int primary key, parent: int? references topic4, value: text = "x4", weight: int? }
            create index on topic4 (value);
            create index on topic4 (weight desc) where weight > 4;
            comment on table topic4 is "topic 4";
            alter table topic4 add column more: int = 4;
            sql "INSERT INTO topic4 (id, weight) SELECT i, i * 4 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic5 = 15 {
        up {
            create table topic5 { id: int primary key, parent: int? references topic5, value: text = "x5", weight: int? }
            create index on topic5 (value);
            create index on topic5 (weight desc) where weight > 5;
            comment on table topic5 is "topic 5";
            alter table topic5 add column more: int = 5;
            sql "INSERT INTO topic5 (id, weight) SELECT i, i * 5 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic6 = 16 {
        up {
            create table topic6 { id: int primary key, parent: int? references topic6, value: text = "x6", weight: int? }
            create index on topic6 (value);
            create index on topic6 (weight desc) where weight > 6;
            comment on table topic6 is "topic 6";
            alter table topic6 add column more: int = 6;
            sql "INSERT INTO topic6 (id, weight) SELECT i, i * 6 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic7 = 17 {
        up {
            create table topic7 { id: int primary key, parent: int? references topic7, value: text = "x7", weight: int? }
            create index on topic7 (value);
            create index on topic7 (weight desc) where weight > 7;
            comment on table topic7 is "topic 7";
            alter table topic7 add column more: int = 7;
            sql "INSERT INTO topic7 (id, weight) SELECT i, i * 7 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic8 = 18 {
        up {
            create table topic8 { id: int primary key, parent: int? references topic8, value: text = "x8", weight: int? }
            create index on topic8 (value);
            create index on topic8 (weight desc) where weight > 8;
            comment on table topic8 is "topic 8";
            alter table topic8 add column more: int = 8;
            sql "INSERT INTO topic8 (id, weight) SELECT i, i * 8 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic9 = 19 {
        up {
            create table topic9 { id: int primary key, parent: int? references topic9, value: text = "x9", weight: int? }
            create index on topic9 (value);
            create index on topic9 (weight desc) where weight > 9;
            comment on table topic9 is "topic 9";
            alter table topic9 add column more: int = 9;
            sql "INSERT INTO topic9 (id, weight) SELECT i, i * 9 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic10 = 20 {
        up {
            create table topic10 { id: int primary key, parent: int? references topic10, value: text = "x10", weight: int? }
            create index on topic10 (value);
            create index on topic10 (weight desc) where weight > 10;
            comment on table topic10 is "topic 10";
            alter table topic10 add column more: int = 10;
            sql "INSERT INTO topic10 (id, weight) SELECT i, i * 10 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic11 = 21 {
        up {
            create table topic11 { id: int primary key, parent: int? references topic11, value: text = "x11", weight: int? }
            create index on topic11 (value);
            create index on topic11 (weight desc) where weight > 11;
            comment on table topic11 is "topic 11";
            alter table topic11 add column more: int = 11;
            sql "INSERT INTO topic11 (id, weight) SELECT i, i * 11 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic12 = 22 {
        up {
            create table topic12 { id: int primary key, parent: int? references topic12, value: text = "x12", weight: int? }
            create index on topic12 (value);
            create index on topic12 (weight desc) where weight > 12;
            comment on table topic12 is "topic 12";
            alter table topic12 add column more: int = 12;
            sql "INSERT INTO topic12 (id, weight) SELECT i, i * 12 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic13 = 23 {
        up {
            create table topic13 { id: int primary key, parent: int? references topic13, value: text = "x13", weight: int? }
            create index on topic13 (value);
            create index on topic13 (weight desc) where weight > 13;
            comment on table topic13 is "topic 13";
            alter table topic13 add column more: int = 13;
            sql "INSERT INTO topic13 (id, weight) SELECT i, i * 13 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic14 = 24 {
        up {
            create table topic14 { id: int primary key, parent: int? references topic14, value: text = "x14", weight: int? }
            create index on topic14 (value);
            create index on topic14 (weight desc) where weight > 14;
            comment on table topic14 is "topic 14";
            alter table topic14 add column more: int = 14;
            sql "INSERT INTO topic14 (id, weight) SELECT i, i * 14 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration Topic15 = 25 {
        up {
            create table topic15 { id: int primary key, parent: int? references topic15, value: text = "x15", weight: int? }
            create index on topic15 (value);
            create index on topic15 (weight desc) where weight > 15;
            comment on table topic15 is "topic 15";
            alter table topic15 add column more: int = 15;
            sql "INSERT INTO topic15 (id, weight) SELECT i, i * 15 FROM generate_series(1, 5) AS i" down none;
        }
    }

    migration FindTopics = 26 {
        up {
            create index concurrently IDX_topic1_more on topic1 (more);
            create index concurrently IDX_topic2_more on topic2 (more);
            create index concurrently IDX_topic3_more on topic3 (more);
            create index concurrently IDX_topic4_more on topic4 (more);
            create index concurrently IDX_topic5_more on topic5 (more);
            create index concurrently IDX_topic6_more on topic6 (more);
            create index concurrently IDX_topic7_more on topic7 (more);
        }
    }

    migration Widen = 27 {
        up {
            alter table people alter column email type text;
            #[allow(blocking_rewrite, reason = "few rows")]
            alter table topic1 { alter column weight type bigint, alter column value drop default }
            update people set visits = visits + 1 in batches of 7 down "UPDATE people SET visits = visits - 1";
        }
    }

    #[lock_timeout = "4s"]
    #[attempts = 4]
    migration Greet = 28 {
        up {
            create table greetings { id: int }
            alter table people add column note: text?;
            run greet revert leave;
            #[allow(blocking_transaction, reason = "nobody else is there")]
            update people set note = note || "!" where note is not null;
        }
    }

    migration Count = 29 {
        up {
            create index concurrently IDX_greetings on greetings (id);
            run count revert none;
            create index concurrently IDX_people_note on people (note);
        }
        down {
            drop index concurrently IDX_people_note;
            run leave;
            drop index concurrently IDX_greetings;
            run greet;
        }
    }

    migration Last = 30 {
        up {
            create sequence app.number start 1000;
            sql "CREATE VIEW app.busy AS SELECT id, visits FROM people WHERE visits > 0" down "DROP VIEW app.busy";
        }
    }

    migration Rebuild = 31 {
        up {
            reindex index IDX_people_note concurrently;
            reindex table topic1 concurrently;
            #[allow(blocking_index, reason = "nobody else is there")]
            reindex table topic2;
        }
    }

    migration Archived = 32 {
        up {
            sql "CREATE TABLE events (day date NOT NULL) PARTITION BY RANGE (day);
                CREATE TABLE past PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')"
                down "DROP TABLE events";
            sql "ALTER TABLE events DETACH PARTITION past CONCURRENTLY"
                down "ALTER TABLE events ATTACH PARTITION past FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')";
        }
    }
}
