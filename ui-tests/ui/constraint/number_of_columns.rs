deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table u { id: int primary key }
        }
    }
    migration Case = 2 {
        up {
            create table t { a: int, b: int, foreign key (a, b) references u (id) }
        }
    }
}

fn main() {}
