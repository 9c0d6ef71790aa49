use deepref_schema::Entity;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// A conversation of a user with an agent.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = ai_sessions,
    index (user_id, started_at) where ended_at is null,
    index (user_id, status),
    index (user_id, session_type),
)]
pub struct AISession {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(unique, index)]
    pub agent_id: Uuid,
    #[column(index, references users on delete cascade)]
    pub user_id: Uuid,
    #[column(type = varchar(100), index)]
    pub session_type: String,
    pub metadata: Option<Value>,
    #[column(index, default = now())]
    pub started_at: DateTime,
    #[column(index)]
    pub ended_at: Option<DateTime>,
    #[column(references ai_prompts on delete set null)]
    pub prompt_id: Option<Uuid>,
    #[column(type = varchar(20), index, default = "active")]
    pub status: Option<String>,
    pub context: Option<Value>,
    #[column(default = 0)]
    pub interaction_count: Option<i32>,
    #[column(default = 0)]
    pub total_tokens_used: Option<i32>,
    #[column(default = 0)]
    pub total_cost: Option<Decimal>,
    #[column(type = varchar(45))]
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub last_activity_at: Option<DateTime>,
    #[column(default = 1800)]
    pub idle_timeout_seconds: Option<i32>,
    pub termination_reason: Option<String>,
    pub performance_metrics: Option<Value>,
    #[column(default = now())]
    pub created_at: Option<DateTime>,
    #[column(default = now())]
    pub updated_at: Option<DateTime>,
}
