deepref_schema::migrations! {
    #![allow(blocking, reason = "nobody works at night")]

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
        }
    }
}

fn main() {}
