use deepref_schema::Entity;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// A prompt that the models are given.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = ai_prompts,
    index (is_active, model_preference),
    unique index (prompt_id, version),
)]
pub struct AIPrompt {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(type = varchar(100), unique, index)]
    pub prompt_id: String,
    #[column(type = varchar(20))]
    pub version: String,
    #[column(type = varchar(255))]
    pub name: String,
    pub user_prompt_template: Option<String>,
    #[column(type = varchar(50), index)]
    pub model_preference: String,
    #[column(index, default = true)]
    pub is_active: bool,
    pub metadata: Option<Value>,
    #[column(default = now())]
    pub created_at: DateTime,
    #[column(default = now())]
    pub updated_at: DateTime,
    pub system_prompt_encrypted: Option<String>,
    #[column(type = varchar(50), index)]
    pub prompt_type: Option<String>,
    #[column(default = 0)]
    pub usage_count: Option<i32>,
    #[column(default = 0)]
    pub average_response_time_ms: Option<Decimal>,
    #[column(default = 0)]
    pub success_rate: Option<Decimal>,
    #[column(default = 4096)]
    pub max_tokens: Option<i32>,
    #[column(default = 0.7)]
    pub temperature: Option<Decimal>,
    pub description: Option<String>,
    pub validation_rules: Option<Value>,
}
