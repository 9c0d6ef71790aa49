//! Everything that entities can say, in agreement with a history.

use deepref_schema::{Entity, PgEnum};

deepref_schema::migrations! {
    #![postgres(15..)]

    migration Everything = 1 {
        up {
            create extension "uuid-ossp";
            create schema app;
            create enum kyc_status { pending, verified, "in review" }
            create enum app.mood { good, bad }
            create table orgs { id: bigint primary key identity, name: text unique }
            create table app.users {
                id: uuid primary key = uuid_generate_v4(),
                number: bigserial,
                firstName: varchar(100),
                email: text collate C,
                kycStatus: kyc_status = "pending",
                history: kyc_status[] = "{}",
                mood: app.mood?,
                points: int check (points >= 0) = 0,
                small: smallint,
                ratio: real,
                exact: double precision,
                price: numeric(10, 2)?,
                active: bool = true,
                tags: text[]?,
                picture: bytea?,
                hash: bytea,
                meta: jsonb?,
                raw: json?,
                born: date?,
                wakes: time?,
                seen: timestamptz = now(),
                made: timestamp(3) = now(),
                pause: interval?,
                home: inet?,
                org: bigint? references orgs on delete set null deferrable,
                parent: uuid? references app.users on delete cascade,
                shout: text generated as (upper(email)) stored,
                "the note": text?,
                type: text,

                unique UQ_users_email (email) include (number),
                check CHK_users_name (length(firstName) > 1 and email <> ""),
                unique nulls not distinct (tags, points),
            }
            create index IDX_users_open on app.users (seen desc nulls last, id) where kycStatus = "pending";
            create index on app.users using gin (tags);
            create unique index on app.users (lower(email));
            create index IDX_org on app.users (org);
            comment on table app.users is "People.";
            comment on column app.users.email is "in lower case";
            create table members {
                org: bigint references orgs,
                person: uuid references app.users on update cascade,
                primary key PK_members (org, person),
            }
        }
    }
}

/// Who is who.
#[derive(PgEnum)]
#[pg_enum(rename_all = "snake_case", deny(drift))]
pub(crate) enum KycStatus {
    Pending,
    Verified,
    #[pg_enum(rename = "in review")]
    InReview,
}

#[derive(PgEnum)]
#[pg_enum(name = app.mood, rename_all = "lowercase", deny(drift))]
pub(crate) enum Mood {
    Good,
    Bad,
}

/// An organisation. What the struct does not say is left open.
#[derive(Entity)]
#[entity(table = orgs, partial, deny(drift))]
pub(crate) struct Org {
    pub(crate) id: i64,
}

/// People.
#[derive(Entity)]
#[entity(
    table = app.users,
    rename_all = "camelCase",
    comment,
    unique UQ_users_email (email) include (number),
    check CHK_users_name (length(firstName) > 1 and email <> ""),
    unique nulls not distinct (tags, points),
    index IDX_users_open (seen desc nulls last, id) where kycStatus = "pending",
    index using gin (tags),
    deny(drift),
)]
#[entity(unique index (lower(email)))]
pub(crate) struct User<'a, T = ()> {
    #[column(primary_key, default = uuid_generate_v4())]
    pub(crate) id: uuid::Uuid,
    #[column(type = bigserial)]
    pub(crate) number: i64,
    #[column(type = varchar(100))]
    pub(crate) first_name: String,
    #[column(collate C, comment = "in lower case")]
    pub(crate) email: &'a str,
    #[column(default = "pending")]
    pub(crate) kyc_status: KycStatus,
    #[column(default = "{}")]
    pub(crate) history: Vec<KycStatus>,
    pub(crate) mood: Option<Mood>,
    #[column(default = 0, check (points >= 0))]
    pub(crate) points: i32,
    #[column(type = smallint)]
    pub(crate) small: u8,
    pub(crate) ratio: f32,
    pub(crate) exact: f64,
    pub(crate) price: Option<Decimal>,
    #[column(default = true)]
    pub(crate) active: bool,
    pub(crate) tags: Option<Vec<Option<String>>>,
    pub(crate) picture: Option<Vec<u8>>,
    pub(crate) hash: [u8; 32],
    pub(crate) meta: Option<serde_json::Value>,
    pub(crate) raw: Option<serde_json::Value>,
    pub(crate) born: Option<jiff::civil::Date>,
    pub(crate) wakes: Option<jiff::civil::Time>,
    #[column(default = now())]
    pub(crate) seen: std::time::SystemTime,
    #[column(default = now())]
    pub(crate) made: jiff::civil::DateTime,
    pub(crate) pause: Option<std::time::Duration>,
    pub(crate) home: Option<std::net::IpAddr>,
    #[column(references orgs on delete set null deferrable, index IDX_org)]
    pub(crate) org: Option<i64>,
    #[column(references app.users on delete cascade)]
    pub(crate) parent: Option<Box<uuid::Uuid>>,
    #[column(generated as (upper(email)) stored)]
    pub(crate) shout: std::borrow::Cow<'a, str>,
    #[column(rename = "the note")]
    pub(crate) note: Option<String>,
    pub(crate) r#type: String,
    #[column(skip)]
    pub(crate) cached: Option<T>,
}

/// Who is where.
#[derive(Entity)]
#[entity(table = "members", primary key PK_members (org, person), deny(drift))]
pub(crate) struct Member {
    #[column(references orgs)]
    pub(crate) org: i64,
    #[column(references app.users (id) on update cascade)]
    pub(crate) person: uuid::Uuid,
}

pub(crate) struct Decimal;

pub(crate) mod uuid {
    pub(crate) struct Uuid;
}

pub(crate) mod serde_json {
    pub(crate) struct Value;
}

pub(crate) mod jiff {
    pub(crate) mod civil {
        pub(crate) struct Date;
        pub(crate) struct Time;
        pub(crate) struct DateTime;
    }
}
