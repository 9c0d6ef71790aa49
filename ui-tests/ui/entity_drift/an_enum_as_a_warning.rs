#![deny(warnings)]
use deepref_schema::PgEnum;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create enum kyc_status { pending }
        }
    }
}

#[derive(PgEnum)]
pub enum KycStatus {
    Open,
}

fn main() {}
