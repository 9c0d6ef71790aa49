deepref_schema::migration! {
    AddPhone = 2;

    up {
        create index concurrently on users (name);
    }
}
