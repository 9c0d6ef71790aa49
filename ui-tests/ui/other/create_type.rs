deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create type m as enum ("a");
        }
    }
}

fn main() {}
