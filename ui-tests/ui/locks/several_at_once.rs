deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create enum mood { happy, sad }
            create table t { id: bigint primary key identity, name: text, email: text?, number: bigint, mood: mood }
            create table u { id: bigint primary key identity, t: bigint }
        }
    }
    migration Case = 2 {
        up {
            create index on t (name);
            alter table t {
                alter column email set not null,
                add check (number > 0),
                alter column number type int,
            }
            update t set name = "x" where name = "y" down none;
        }
    }
}

fn main() {}
