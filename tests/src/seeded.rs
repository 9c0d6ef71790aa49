//! A history with seeds, for tests of them.

deepref_schema::migrations! {
    migration CreatePlans = 1000 {
        up {
            create table plans {
                id: bigint primary key identity,
                name: varchar(40) unique,
                price: numeric = 0,
                note: text?,
                changed_at: timestamptz = now(),
            }
            create table limits {
                plan: bigint references plans,
                what: text,
                most: int,
                unique (plan, what),
            }
            create table tags { name: text primary key }
        }
    }
    migration CreateNotes = 2000 {
        up {
            create table notes { id: int primary key, title: text, body: text?, hint: varchar(200)? }
            create extension citext;
            create enum mood { calm, cross }
            create table kinds {
                id: uuid,
                a_json: json?, a_jsonb: jsonb?, a_xml: xml?, a_point: point?, a_citext: citext?, a_numeric: numeric?,
                a_price: numeric(10, 2)?, a_float: double precision?, a_real: real?, a_char: char(4)?, a_bytea: bytea?,
                a_date: date?, a_time: timestamptz?, an_interval: interval?, a_range: int4range?, an_inet: inet?,
                texts: text[]?, numbers: int[]?, a_mood: mood?, moods: mood[]?, a_bit: bit(3)?, a_bool: bool?,
                a_tsvector: tsvector?, a_box: box?, nothing: text?, long: text?,
            }
            create unique index IDX_kinds_id on kinds (id);
        }
    }
}

deepref_schema::seeds! {
    /// What each plan allows.
    seed Limits for dev, staging, prod after Plans {
        upsert limits by (plan, what) {
            { plan: (select id from plans where name = "basic"), what: "users", most: 5 },
            { plan: (select id from plans where name = "team"), what: "users", most: 5 * 10 },
        }
    }

    /// The plans.
    seed Plans for dev, staging, prod {
        upsert plans by (name) {
            { name: "basic", price: 0, note: null },
            { name: "team", price: 12.50, note: "it's for\nteams" },
        }
        upsert tags by (name) { { name: "new" }, { name: "old" } }
    }

    /// A plan to try things with.
    seed DemoPlans for dev after Plans {
        upsert plans by (name) { { name: "demo" } }
    }

    /// What only the users may read.
    seed Secrets for staging, prod {
        upsert notes by (id) {
            { id: 1, title: "first", body: encrypted "the canary sings", hint: encrypted "canary too" },
            { id: 2, title: "second", body: encrypted "" },
            { id: 3, title: "third" },
        }
    }
}

/// Values of many types, each in two spellings of its own.
pub mod kinds {
    deepref_schema::seeds! {
        seed Kinds for dev, staging, prod {
            upsert kinds by (id) {
                {
                    id: "7C9E6679-7425-40de-944b-e07fc1f90ae7",
                    a_json: r#"{"b": 1,  "a": 2}"#, a_jsonb: r#"{"b": 1, "a": 2}"#, a_xml: "<a/>", a_point: "(1,2)",
                    a_citext: "Case", a_numeric: 1.50, a_price: 1.5, a_float: 0.1, a_real: 0.1, a_char: "ab",
                    a_bytea: r"\xDEAD", a_date: "2026-11-24", a_time: "2026-11-24 10:00:00+02", an_interval: "1 day 2 hours",
                    a_range: "[1,5]", an_inet: "10.0.0.1/8", texts: "{a,\"b c\",NULL}", numbers: array[1, 2],
                    a_mood: "calm", moods: "{calm,cross}", a_bit: "101", a_bool: true, a_tsvector: "a:1 b:2",
                    a_box: "(1,1),(0,0)", nothing: null, long: lower("LONG"),
                },
            }
        }
    }
}

/// A seed that the server refuses: no plan has this number.
pub mod refused {
    deepref_schema::seeds! {
        seed Good for dev { upsert tags by (name) { { name: "good" } } }
        seed Bad for dev after Good {
            upsert tags by (name) { { name: "bad" } }
            upsert limits by (plan, what) { { plan: 99, what: "users", most: 1 } }
        }
    }
}
