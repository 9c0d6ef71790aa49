use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, created_at: timestamptz }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, rename_all = "camelCase", deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub created_at: std::time::SystemTime,
}

fn main() {}
