deepref_schema::migration! {
    AddPhone = 2;

    up {
        alter table users add column phone: text?;
    }
}
