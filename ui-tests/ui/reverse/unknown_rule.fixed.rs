deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: bigint primary key identity, name: text, email: text? }
        }
    }
    migration Case = 2 {
        up {
            #[allow(data_loss, reason = "test")]
            drop table t;
        }
    }
}

fn main() {}
