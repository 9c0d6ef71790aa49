deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t {
                // the id
                id: uuid,
            }
        }
    }
}

fn main() {}
