deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: bigint primary key identity, name: text, email: text? }
            comment on table t is "x";
        }
    }
    migration Case = 2 {
        up {
            comment on table t is none;
        }
    }
}

fn main() {}
