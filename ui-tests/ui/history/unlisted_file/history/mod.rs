deepref_schema::migrations! {
    m1_create_users;
}
