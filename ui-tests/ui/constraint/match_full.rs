deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, b: int, foreign key (a) references t (b) match full }
        }
    }
}

fn main() {}
