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
            alter table t add column token: uuid?;
            alter table t alter column token set default gen_random_uuid();
            update t set token = gen_random_uuid() in batches of 10_000;
            alter table t alter column token set not null concurrently;
        }
    }
}

fn main() {}
