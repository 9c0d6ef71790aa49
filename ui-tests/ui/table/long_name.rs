deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table a123456789012345678901234567890123456789012345678901234567890123 { id: uuid }
        }
    }
}

fn main() {}
