use deepref_schema::Entity;

#[derive(Entity)]
#[entity(table = users)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
}

fn main() {}
