use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: varchar(255) }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(type = varchar(100))]
    pub email: String,
}

fn main() {}
