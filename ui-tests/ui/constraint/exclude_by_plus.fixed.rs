deepref_schema::migrations! {
    #![allow(blocking, reason = "the table is small")]

    migration Before = 1 {
        up {
            create table t { id: int primary key, a: int?, name: text?, at: timestamptz? }
        }
    }
    migration Change = 2 {
        up {
            alter table t add column slot: int4range?; alter table t add exclude using gist (slot with &&);
        }
    }
}

fn main() {}
