deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: uuid, constraint UQ_id unique (id) }
        }
    }
}

fn main() {}
