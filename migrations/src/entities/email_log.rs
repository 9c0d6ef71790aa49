use deepref_schema::Entity;
use jiff::civil::DateTime;
use serde_json::Value;
use uuid::Uuid;

/// An e-mail that was sent, and what became of it.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = email_logs,
    index (email_type, created_at),
    index (user_id, created_at),
)]
pub struct EmailLog {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index)]
    pub user_id: Option<Uuid>,
    #[column(type = varchar(255), index)]
    pub recipient_email: String,
    #[column(type = varchar(255))]
    pub recipient_name: Option<String>,
    #[column(type = varchar(50), index)]
    pub email_type: String,
    #[column(type = varchar(500))]
    pub subject: String,
    #[column(type = varchar(20))]
    pub provider: String,
    #[column(type = varchar(255), index)]
    pub message_id: Option<String>,
    #[column(type = varchar(20), index, default = "pending")]
    pub status: String,
    pub error_message: Option<String>,
    #[column(default = 0)]
    pub retry_count: i32,
    pub metadata: Option<Value>,
    pub tags: Option<String>,
    #[column(index, default = current_timestamp)]
    pub created_at: DateTime,
    #[column(default = current_timestamp)]
    pub updated_at: DateTime,
    pub sent_at: Option<DateTime>,
    pub delivered_at: Option<DateTime>,
    pub opened_at: Option<DateTime>,
    pub clicked_at: Option<DateTime>,
    pub bounced_at: Option<DateTime>,
    pub complained_at: Option<DateTime>,
    pub bounce_reason: Option<String>,
    pub complaint_reason: Option<String>,
}
