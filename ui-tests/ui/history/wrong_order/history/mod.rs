deepref_schema::migrations! {
    m2_add_phone;
    m1_create_users;
}
