use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text, lower: text generated as (lower(email)) stored }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
    #[column(generated as (upper(email)) stored)]
    pub lower: String,
}

fn main() {}
