deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create sequence s;
        }
    }
    migration Case = 2 {
        up {
            alter sequence s rename to u start 5;
        }
    }
}

fn main() {}
