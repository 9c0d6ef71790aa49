#![deny(warnings)]
use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text?, age: int = 0, old: int? }
        }
    }
}

#[derive(Entity)]
#[entity(table = users)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
    pub age: i32,
    pub phone: Option<String>,
}

fn main() {}
