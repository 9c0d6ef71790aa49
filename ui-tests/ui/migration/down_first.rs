deepref_schema::migrations! {
    migration A = 1 { down { drop table t; } up { create table t { id: uuid } } }
}

fn main() {}
