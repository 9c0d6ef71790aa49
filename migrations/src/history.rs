//! Every migration of the DeepRef database, oldest first.

deepref_schema::migrations! {
    #![postgres(14..)]
    #![forbid(irreversible)]

    m1732025000001_initial_schema;
    m1732025000002_ai_system_tables;
    m1732025000003_create_indexes;
    m1732025000004_enhance_ai_system_tables;
    m1732025000005_create_mfa_tables;
    m1732025000006_create_email_logs_table;
}
