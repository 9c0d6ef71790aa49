deepref_schema::migrations! {}
