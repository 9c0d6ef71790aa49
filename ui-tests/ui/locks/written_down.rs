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
            #[allow(data_loss, reason = "unused")]
            alter table t {
                alter column name drop not null,
                drop column email,
            }
        }
        down {
            alter table t { add column email: text?, alter column name set not null }
        }
    }
}

fn main() {}
