deepref_schema::seeds! {
    seed Plans for dev {
        upsert plans by (name) {
            { name: "basic", price: 0 },
        }
    }
}

fn main() {}
