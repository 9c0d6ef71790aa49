deepref_schema::migrations! {
    migration create_users = 1 { up { create table users { id: uuid } } }
}

fn main() {}
