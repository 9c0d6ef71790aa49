use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, kyc: text }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub kyc: KycStatus,
}

pub enum KycStatus {}

fn main() {}
