use deepref_schema::migration;

migration! {
    /// What was sent to whom, and what became of it.
    CreateEmailLogsTable = 1732025000006;

    up {
        create table email_logs {
            id: uuid primary key = uuid_generate_v4(),
            user_id: uuid?,
            recipient_email: varchar(255),
            recipient_name: varchar(255)?,
            email_type: varchar(50),
            subject: varchar(500),
            provider: varchar(20),
            message_id: varchar(255)?,
            status: varchar(20) = "pending",
            error_message: text?,
            retry_count: int = 0,
            metadata: jsonb?,
            tags: text?,
            created_at: timestamp = current_timestamp,
            updated_at: timestamp = current_timestamp,
            sent_at: timestamp?,
            delivered_at: timestamp?,
            opened_at: timestamp?,
            clicked_at: timestamp?,
            bounced_at: timestamp?,
            complained_at: timestamp?,
            bounce_reason: text?,
            complaint_reason: text?,
        }

        create index IDX_email_logs_user_id on email_logs (user_id);
        create index IDX_email_logs_recipient_email on email_logs (recipient_email);
        create index IDX_email_logs_message_id on email_logs (message_id);
        create index IDX_email_logs_email_type on email_logs (email_type);
        create index IDX_email_logs_status on email_logs (status);
        create index IDX_email_logs_created_at on email_logs (created_at);
        create index IDX_email_logs_user_created on email_logs (user_id, created_at);
        create index IDX_email_logs_type_created on email_logs (email_type, created_at);
    }
}
