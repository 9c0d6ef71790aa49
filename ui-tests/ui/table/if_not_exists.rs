deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table if not exists t { id: uuid }
        }
    }
}

fn main() {}
