deepref_schema::migrations! {
    migration A = 1 { up { create table t { id: uuid } } down { drop table t; } }
}

fn main() {}
