use deepref_schema::PgEnum;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity }
        }
    }
}

#[derive(PgEnum)]
#[pg_enum(deny(drift))]
pub enum KycStatus {
    Pending,
}

fn main() {}
