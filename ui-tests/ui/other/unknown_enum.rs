deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create enum kind { a }
        }
    }
    migration Case = 2 {
        up {
            alter enum kinds add value b;
        }
    }
}

fn main() {}
