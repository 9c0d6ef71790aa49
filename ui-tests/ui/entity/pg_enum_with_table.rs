use deepref_schema::PgEnum;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text }
        }
    }
}

#[derive(PgEnum)]
#[pg_enum(table = kind)]
pub enum Kind {
    A,
}

fn main() {}
