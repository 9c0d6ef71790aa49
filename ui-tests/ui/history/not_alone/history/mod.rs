deepref_schema::migrations! {
    m1_create_users;
}

const X: u8 = 1;
