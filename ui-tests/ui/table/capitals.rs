deepref_schema::migrations! {
    migration Case = 1 {
        up {
            CREATE TABLE t { id: uuid }
        }
    }
}

fn main() {}
