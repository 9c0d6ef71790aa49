use deepref_schema::PgEnum;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity, email: text }
        }
    }
}

#[derive(PgEnum)]
#[pg_enum(rename_all = "lowercase")]
pub enum Kind {
    Ab,
    #[pg_enum(rename = ab)]
    B,
}

fn main() {}
