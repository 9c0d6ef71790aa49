use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text }
            create index IDX_email on users (email);
        }
    }
}

#[derive(Entity)]
#[entity(table = users, index IDX_users_email (email), deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
}

fn main() {}
