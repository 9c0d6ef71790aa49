use deepref_schema::migration;

migration! {
    /// The AI system: prompts, sessions, interactions and data for fine tuning.
    AISystemTables = 1732025000002;

    up {
        create table ai_prompts {
            id: uuid = uuid_generate_v4(),
            promptId: varchar(100),
            version: varchar(20),
            name: varchar(255),
            systemPrompt: text,
            userPromptTemplate: text?,
            modelPreference: varchar(50),
            isActive: bool = true,
            metadata: jsonb?,
            createdAt: timestamp = now(),
            updatedAt: timestamp = now(),

            primary key PK_ai_prompts_id (id),
            unique UQ_ai_prompts_promptId (promptId),
        }

        create table ai_sessions {
            id: uuid = uuid_generate_v4(),
            agentId: uuid,
            userId: uuid,
            sessionType: varchar(100),
            metadata: jsonb?,
            startedAt: timestamp = now(),
            endedAt: timestamp?,

            primary key PK_ai_sessions_id (id),
            unique UQ_ai_sessions_agentId (agentId),
            foreign key FK_ai_sessions_user (userId) references users (id) on delete cascade,
        }

        create table ai_interactions {
            id: uuid = uuid_generate_v4(),
            sessionId: uuid,
            promptId: uuid,
            userInput: text,
            aiResponse: text,
            modelUsed: varchar(100),
            tokensUsed: int?,
            responseTimeMs: int?,
            success: bool = true,
            errorMessage: text?,
            createdAt: timestamp = now(),

            primary key PK_ai_interactions_id (id),
            foreign key FK_ai_interactions_session (sessionId)
                references ai_sessions (id) on delete cascade,
            foreign key FK_ai_interactions_prompt (promptId) references ai_prompts (id),
        }

        create table ai_finetune_datasets {
            id: uuid = uuid_generate_v4(),
            interactionId: uuid,
            qualityScore: int?,
            humanFeedback: text?,
            includedInTraining: bool = false,
            createdAt: timestamp = now(),

            primary key PK_ai_finetune_datasets_id (id),
            unique UQ_ai_finetune_datasets_interactionId (interactionId),
            check CHK_ai_finetune_datasets_quality_score (qualityScore >= 1 and qualityScore <= 5),
            foreign key FK_ai_finetune_datasets_interaction (interactionId)
                references ai_interactions (id) on delete cascade,
        }

        create index IDX_ai_prompts_promptId on ai_prompts (promptId);
        create index IDX_ai_sessions_agentId on ai_sessions (agentId);
        create index IDX_ai_sessions_userId on ai_sessions (userId);
        create index IDX_ai_interactions_sessionId on ai_interactions (sessionId);
        create index IDX_ai_interactions_promptId on ai_interactions (promptId);
        create index IDX_ai_finetune_datasets_interactionId on ai_finetune_datasets (interactionId);
    }
}
