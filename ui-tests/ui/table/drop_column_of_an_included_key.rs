deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: int primary key, a: int, b: int, unique UQ (id, a) include (b), foreign key FK (id, a) references t (id, a) }
        }
    }
    migration Change = 2 {
        up {
            #[allow(data_loss, reason = "test")] alter table t drop column b restore as 0;
        }
    }
}

fn main() {}
