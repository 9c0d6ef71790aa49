use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table orgs { id: bigint primary key identity }
            create table users { id: bigint primary key identity, org: bigint references orgs }
        }
    }
}

#[derive(Entity)]
#[entity(table = users, deny(drift))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references orgs on delete cascade)]
    pub org: i64,
}

fn main() {}
