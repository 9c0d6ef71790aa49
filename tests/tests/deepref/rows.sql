INSERT INTO users (id, "firstName", "lastName", email, role)
SELECT md5('user' || n)::uuid, 'First ' || n, 'Last ' || n, n || '@example.com', 'seeker' FROM generate_series(1, 50) n;

INSERT INTO "references" (id, "seekerId", "referrerId", "referrerName", "referrerEmail", company, role, questions, "allowedFormats")
SELECT md5('reference' || n)::uuid, md5('user' || n)::uuid, md5('user' || n + 1)::uuid, 'Name', 'a@example.com', 'It''s', 'boss', '[]', '["text"]'
FROM generate_series(1, 40) n;

INSERT INTO bundles (id, "seekerId", title, "shareLink")
SELECT md5('bundle' || n)::uuid, md5('user' || n)::uuid, 'Bundle ' || n, 'https://example.com/' || n FROM generate_series(1, 30) n;

INSERT INTO bundle_references
SELECT md5('bundle' || n)::uuid, md5('reference' || n)::uuid FROM generate_series(1, 30) n;

INSERT INTO kyc_documents (id, "userId", "documentType", "frontImageUrl")
SELECT md5('document' || n)::uuid, md5('user' || n)::uuid, 'passport', 'front' FROM generate_series(1, 20) n;

INSERT INTO ai_prompts (id, "promptId", version, name, "systemPrompt", "modelPreference")
SELECT md5('prompt' || n)::uuid, 'prompt-' || n, '1', 'Prompt ' || n, CASE WHEN n = 1 THEN '' ELSE 'You are number ' || n END, 'large'
FROM generate_series(1, 2500) n;

INSERT INTO ai_sessions (id, "agentId", "userId", "sessionType")
SELECT md5('session' || n)::uuid, md5('agent' || n)::uuid, md5('user' || n)::uuid, 'interview' FROM generate_series(1, 50) n;

INSERT INTO ai_interactions (id, "sessionId", "promptId", "userInput", "aiResponse", "modelUsed", "tokensUsed")
SELECT md5('interaction' || n)::uuid, md5('session' || n % 50 + 1)::uuid, md5('prompt' || n)::uuid, 'in', 'out', 'large', n FROM generate_series(1, 200) n;

INSERT INTO ai_finetune_datasets (id, "interactionId", "qualityScore")
SELECT md5('dataset' || n)::uuid, md5('interaction' || n)::uuid, n % 5 + 1 FROM generate_series(1, 100) n;
