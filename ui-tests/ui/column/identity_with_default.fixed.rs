deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: bigint identity }
        }
    }
}

fn main() {}
