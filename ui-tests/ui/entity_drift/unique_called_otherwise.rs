use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text, unique UQ_email (email) }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, unique UQ_users_email (email), deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
}

fn main() {}
