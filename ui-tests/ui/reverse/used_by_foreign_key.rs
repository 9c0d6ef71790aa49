deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: bigint primary key identity, name: text, email: text? }
            create table u { t: bigint references t }
        }
    }
    migration Case = 2 {
        up {
            drop table t;
        }
    }
}

fn main() {}
