deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: uuid = uuid_generate_v4() }
        }
    }
}

fn main() {}
