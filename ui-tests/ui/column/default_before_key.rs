deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: uuid = gen_random_uuid() primary key }
        }
    }
}

fn main() {}
