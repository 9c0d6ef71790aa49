deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: uuid primary key = gen_random_uuid() }
        }
    }
}

fn main() {}
