use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, age: int }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(check (age > 17))]
    pub age: i32,
}

fn main() {}
