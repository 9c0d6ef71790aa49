use deepref_schema::seed;

seed! {
    /// What the agents are told to be.
    Prompts for dev, staging, prod;

    upsert ai_prompts by (prompt_id) {
        {
            prompt_id: "reference_coach",
            version: "1.0.0",
            name: "Reference Coach",
            description: "Helps a referrer to say what they know, in their own words",
            prompt_type: "coaching",
            model_preference: "large",
            max_tokens: 1024,
            temperature: 0.6,
            system_prompt_encrypted: encrypted include "prompts/reference_coach.md",
            user_prompt_template: include "prompts/reference_coach_input.md",
        },
        {
            prompt_id: "verification_orchestrator",
            version: "1.0.0",
            name: "Verification Orchestrator",
            description: "Decides which check of an identity or a reference comes next",
            prompt_type: "verification",
            model_preference: "large",
            max_tokens: 1024,
            temperature: 0,
            validation_rules: include "prompts/verification_orchestrator.json",
            system_prompt_encrypted: encrypted include "prompts/verification_orchestrator.md",
            user_prompt_template: include "prompts/verification_orchestrator_input.md",
        },
        {
            prompt_id: "authenticity_analyzer",
            version: "1.0.0",
            name: "Authenticity Analyzer",
            description: "Weighs how far a reference reads like the account of somebody who was there",
            prompt_type: "analysis",
            model_preference: "large",
            max_tokens: 2048,
            temperature: 0,
            validation_rules: include "prompts/authenticity_analyzer.json",
            system_prompt_encrypted: encrypted include "prompts/authenticity_analyzer.md",
            user_prompt_template: include "prompts/authenticity_analyzer_input.md",
        },
        {
            prompt_id: "interview_guide",
            version: "1.0.0",
            name: "Interview Guide",
            description: "Writes the questions that an employer asks about what the references left open",
            prompt_type: "interview",
            model_preference: "large",
            max_tokens: 2048,
            temperature: 0.4,
            validation_rules: include "prompts/interview_guide.json",
            system_prompt_encrypted: encrypted include "prompts/interview_guide.md",
            user_prompt_template: include "prompts/interview_guide_input.md",
        },
    }
}
