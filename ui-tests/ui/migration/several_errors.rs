deepref_schema::migrations! {
    migration A = 1 {
        up {
            crate table t { id: uuid }
            create table u { id: uuid not null, name: VARCHAR, ok: int }
            drop table v cascade;
            alter table u add x: int;
        }
    }
}

fn main() {}
