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
pub enum KycStatus {
    Pending,
    Verified,
    #[pg_enum(rename = "in review")]
    InReview,
}

#[derive(PgEnum)]
#[pg_enum(name = app.mood, rename_all = "lowercase", deny(drift))]
pub enum Mood {
    Good,
    Bad,
}

/// An organisation. What the struct does not say is left open.
#[derive(Entity)]
#[entity(table = orgs, partial, deny(drift))]
pub struct Org {
    pub id: i64,
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
pub struct User<'a, T = ()> {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: uuid::Uuid,
    #[column(type = bigserial)]
    pub number: i64,
    #[column(type = varchar(100))]
    pub first_name: String,
    #[column(collate C, comment = "in lower case")]
    pub email: &'a str,
    #[column(default = "pending")]
    pub kyc_status: KycStatus,
    #[column(default = "{}")]
    pub history: Vec<KycStatus>,
    pub mood: Option<Mood>,
    #[column(default = 0, check (points >= 0))]
    pub points: i32,
    #[column(type = smallint)]
    pub small: u8,
    pub ratio: f32,
    pub exact: f64,
    pub price: Option<Decimal>,
    #[column(default = true)]
    pub active: bool,
    pub tags: Option<Vec<Option<String>>>,
    pub picture: Option<Vec<u8>>,
    pub hash: [u8; 32],
    pub meta: Option<serde_json::Value>,
    pub raw: Option<serde_json::Value>,
    pub born: Option<jiff::civil::Date>,
    pub wakes: Option<jiff::civil::Time>,
    #[column(default = now())]
    pub seen: std::time::SystemTime,
    #[column(default = now())]
    pub made: jiff::civil::DateTime,
    pub pause: Option<std::time::Duration>,
    pub home: Option<std::net::IpAddr>,
    #[column(references orgs on delete set null deferrable, index IDX_org)]
    pub org: Option<i64>,
    #[column(references app.users on delete cascade)]
    pub parent: Option<Box<uuid::Uuid>>,
    #[column(generated as (upper(email)) stored)]
    pub shout: std::borrow::Cow<'a, str>,
    #[column(rename = "the note")]
    pub note: Option<String>,
    pub r#type: String,
    #[column(skip)]
    pub cached: Option<T>,
}

/// Who is where.
#[derive(Entity)]
#[entity(table = "members", primary key PK_members (org, person), deny(drift))]
pub struct Member {
    #[column(references orgs)]
    pub org: i64,
    #[column(references app.users (id) on update cascade)]
    pub person: uuid::Uuid,
}

pub struct Decimal;

pub mod uuid {
    pub struct Uuid;
}

pub mod serde_json {
    pub struct Value;
}

pub mod jiff {
    pub mod civil {
        pub struct Date;
        pub struct Time;
        pub struct DateTime;
    }
}
