deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create sequence s no minvalue;
        }
    }
}

fn main() {}
