deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create schema pg_mine;
        }
    }
}

fn main() {}
