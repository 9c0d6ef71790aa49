use deepref_schema::PgEnum;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text }
        }
    }
}

#[derive(PgEnum)]
pub enum Kind {
    A,
    B(i32),
}

fn main() {}
