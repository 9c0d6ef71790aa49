use deepref_schema::migration;

migration! {
    /// More facts about prompts, sessions, interactions and training data; names in snake case.
    ///
    /// The system prompt moves to a column for its encrypted form. Indexes that CreateIndexes made
    /// follow the renamed columns, so only new combinations of columns get one.
    EnhanceAISystemTables = 1732025000004;

    up {
        alter table ai_prompts {
            add column system_prompt_encrypted: text?,
            add column prompt_type: varchar(50)?,
            add column usage_count: int? = 0,
            add column average_response_time_ms: numeric? = 0,
            add column success_rate: numeric? = 0,
            add column max_tokens: int? = 4096,
            add column temperature: numeric? = 0.7,
            add column description: text?,
            add column validation_rules: jsonb?,
        }

        // Most rows, without a lock on the table …
        update ai_prompts set system_prompt_encrypted = systemPrompt
            where system_prompt_encrypted is null
            in batches of 1_000;

        // … and those written meanwhile, when the first change of the table has locked it.
        alter table ai_prompts {
            rename column promptId to prompt_id,
            rename column userPromptTemplate to user_prompt_template,
            rename column modelPreference to model_preference,
            rename column isActive to is_active,
            rename column createdAt to created_at,
            rename column updatedAt to updated_at,
        }
        #[allow(blocking_transaction, reason = "no row may be written between this and the drop; there are few prompts")]
        update ai_prompts set system_prompt_encrypted = systemPrompt where system_prompt_encrypted is null;
        #[allow(data_loss, reason = "the values are in system_prompt_encrypted, from where a revert takes them")]
        alter table ai_prompts drop column systemPrompt restore as coalesce(system_prompt_encrypted, "");

        alter table ai_sessions {
            add column prompt_id: uuid?,
            add column status: varchar(20)? = "active",
            add column context: jsonb?,
            add column interaction_count: int? = 0,
            add column total_tokens_used: int? = 0,
            add column total_cost: numeric? = 0,
            add column ip_address: varchar(45)?,
            add column user_agent: text?,
            add column last_activity_at: timestamp?,
            add column idle_timeout_seconds: int? = 1800,
            add column termination_reason: text?,
            add column performance_metrics: jsonb?,
            add column created_at: timestamp? = now(),
            add column updated_at: timestamp? = now(),
            rename column agentId to agent_id,
            rename column userId to user_id,
            rename column sessionType to session_type,
            rename column startedAt to started_at,
            rename column endedAt to ended_at,
        }

        alter table ai_interactions {
            add column interaction_id: varchar(100)?,
            add column input_tokens: int? = 0,
            add column output_tokens: int? = 0,
            add column cost: numeric? = 0,
            add column status: varchar(20)? = "pending",
            add column context: jsonb?,
            add column request_metadata: jsonb?,
            add column response_metadata: jsonb?,
            add column prompt_hash: text?,
            add column full_prompt_encrypted: text?,
            add column input_sanitized: bool? = false,
            add column validation_results: jsonb?,
            add column flagged_for_review: bool? = false,
            add column flag_reason: text?,
            add column quality_score: numeric?,
            add column is_retry: bool? = false,
            add column retry_of_interaction_id: uuid?,
            add column retry_count: int? = 0,
            rename column sessionId to session_id,
            rename column promptId to prompt_id,
            rename column userInput to user_input,
            rename column aiResponse to ai_response,
            rename column modelUsed to model_used,
            rename column tokensUsed to tokens_used,
            rename column responseTimeMs to response_time_ms,
            rename column errorMessage to error_message,
            rename column createdAt to created_at,
        }

        alter table ai_finetune_datasets {
            add column status: varchar(20)? = "pending_review",
            add column training_data: jsonb?,
            add column dataset_version: varchar(50)?,
            add column evaluation_metrics: jsonb?,
            add column notes: text?,
            add column tags: jsonb?,
            add column reviewed_by: uuid?,
            add column reviewed_at: timestamp?,
            add column rejection_reason: text?,
            add column original_context: jsonb?,
            add column is_positive_example: bool? = false,
            add column is_negative_example: bool? = false,
            add column corrected_response: text?,
            add column training_weight: numeric?,
            add column export_history: jsonb?,
            add column updated_at: timestamp? = now(),
            rename column interactionId to interaction_id,
            rename column qualityScore to quality_score,
            rename column humanFeedback to human_feedback,
            rename column includedInTraining to included_in_training,
            rename column createdAt to created_at,
        }

        alter table ai_sessions add foreign key FK_ai_sessions_prompt (prompt_id)
            references ai_prompts (id) on delete set null concurrently;
        alter table ai_finetune_datasets add foreign key FK_ai_finetune_datasets_reviewer (reviewed_by)
            references users (id) on delete set null concurrently;
        alter table ai_interactions add unique (interaction_id) concurrently;

        create unique index concurrently IDX_ai_prompts_prompt_id_version on ai_prompts (prompt_id, version);
        create index concurrently IDX_ai_prompts_prompt_type on ai_prompts (prompt_type);
        create index concurrently IDX_ai_sessions_status on ai_sessions (status);
        create index concurrently IDX_ai_sessions_user_id_status on ai_sessions (user_id, status);
        create index concurrently IDX_ai_finetune_datasets_dataset_version on ai_finetune_datasets (dataset_version);
    }
}
