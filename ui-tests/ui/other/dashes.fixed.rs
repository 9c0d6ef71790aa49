deepref_schema::migrations! {
    migration Case = 1 {
        up {
            // the users
            create table t { id: uuid }
        }
    }
}

fn main() {}
