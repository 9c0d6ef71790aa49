deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create enum kind { a }
            create table t { k: kind }
        }
    }
    migration Case = 2 {
        up {
            drop enum kind;
        }
    }
}

fn main() {}
