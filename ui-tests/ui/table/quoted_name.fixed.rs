deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table users { id: uuid }
        }
    }
}

fn main() {}
