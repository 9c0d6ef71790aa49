use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text }
        }
    }
}

#[derive(Entity)]
#[entity(table = "app.users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
}

fn main() {}
