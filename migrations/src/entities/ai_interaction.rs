use deepref_schema::Entity;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// One question to a model, and its answer.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = ai_interactions,
    index (prompt_id, created_at),
    index (session_id, created_at),
)]
pub struct AIInteraction {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references ai_sessions on delete cascade)]
    pub session_id: Uuid,
    #[column(index, references ai_prompts)]
    pub prompt_id: Uuid,
    pub user_input: String,
    pub ai_response: String,
    #[column(type = varchar(100), index)]
    pub model_used: String,
    pub tokens_used: Option<i32>,
    pub response_time_ms: Option<i32>,
    #[column(index, default = true)]
    pub success: bool,
    pub error_message: Option<String>,
    #[column(index, default = now())]
    pub created_at: DateTime,
    #[column(type = varchar(100), unique)]
    pub interaction_id: Option<String>,
    #[column(default = 0)]
    pub input_tokens: Option<i32>,
    #[column(default = 0)]
    pub output_tokens: Option<i32>,
    #[column(default = 0)]
    pub cost: Option<Decimal>,
    #[column(type = varchar(20), default = "pending")]
    pub status: Option<String>,
    pub context: Option<Value>,
    pub request_metadata: Option<Value>,
    pub response_metadata: Option<Value>,
    pub prompt_hash: Option<String>,
    pub full_prompt_encrypted: Option<String>,
    #[column(default = false)]
    pub input_sanitized: Option<bool>,
    pub validation_results: Option<Value>,
    #[column(default = false)]
    pub flagged_for_review: Option<bool>,
    pub flag_reason: Option<String>,
    pub quality_score: Option<Decimal>,
    #[column(default = false)]
    pub is_retry: Option<bool>,
    pub retry_of_interaction_id: Option<Uuid>,
    #[column(default = 0)]
    pub retry_count: Option<i32>,
}
