deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create enum m { a }
        }
    }
}

fn main() {}
