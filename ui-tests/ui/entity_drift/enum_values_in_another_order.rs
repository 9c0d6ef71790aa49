use deepref_schema::PgEnum;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create enum kyc_status { pending, verified }
        }
    }
}

#[derive(PgEnum)]
#[pg_enum(rename_all = "lowercase", deny(drift))]
pub enum KycStatus {
    Verified,
    Pending,
}

fn main() {}
