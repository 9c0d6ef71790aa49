deepref_schema::migrations! {
    #![allow(blocking, reason = "the table is small")]

    migration Before = 1 {
        up {
            create table t { id: bigint primary key identity, name: text, email: text? }
        }
    }
    migration Case = 2 {
        up {
            #[allow(data_loss, reason = "test")]
            alter table t alter column name type int using length(name) revert using name::text;
        }
    }
}

fn main() {}
