deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create view v as select 1;
        }
    }
}

fn main() {}
