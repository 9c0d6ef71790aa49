deepref_schema::migrations! {
    migration Change = 1 {
        up {
            create enum point { first, last }
        }
    }
}

fn main() {}
