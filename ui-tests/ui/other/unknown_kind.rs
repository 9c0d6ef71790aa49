deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create tabel t { id: uuid }
        }
    }
}

fn main() {}
