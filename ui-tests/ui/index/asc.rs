deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: bigint primary key identity, name: text, email: text? }
        }
    }
    migration Case = 2 {
        up {
            create index concurrently i on t (name asc);
        }
    }
}

fn main() {}
