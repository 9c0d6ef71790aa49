deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, b: int, unique (b), foreign key (a) references t (b) }
        }
    }
}

fn main() {}
