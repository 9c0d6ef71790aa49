deepref_schema::migrations! {
    m1_create_users;
    m2_add_phone;
}
