deepref_schema::migrations! {
    migration Change = 1 {
        up {
            create sequence invoices minvalue 10 maxvalue 5;
        }
    }
}

fn main() {}
