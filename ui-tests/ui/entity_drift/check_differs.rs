use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, age: int, check CHK_age (age > 0) }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, check CHK_age (age > 17), deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub age: i32,
}

fn main() {}
