deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table notes { at: timestamptz unique, code: text? unique, body: text? }
        }
    }
}

deepref_schema::seeds! {
    seed Notes for dev {
        upsert notes by (at) {
            { at: "2026-11-24 10:00:00+00", body: encrypted "x" },
        }
    }
}

fn main() {}
