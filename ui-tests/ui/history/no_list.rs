deepref_schema::migration! {
    CreateUsers = 1;
    up { create table users { id: uuid } }
}

fn main() {}
