deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: text = 'pending' }
        }
    }
}

fn main() {}
