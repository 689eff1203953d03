//! The tables that the migrations make, where their columns are explained; a test compares the two.

diesel::table! {
    absences (user_id, since) {
        user_id -> Int8,
        since -> Timestamptz,
        until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    answer_templates (id) {
        id -> Int8,
        version -> Int4,
        title -> Text,
        body -> Text,
        language -> Text,
        direction_id -> Nullable<Int8>,
        product_id -> Nullable<Int8>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Int8,
        user_id -> Int8,
        name -> Text,
        hash -> Bytea,
        scopes -> Array<Text>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    article_feedback (article_id, user_id) {
        article_id -> Int8,
        user_id -> Int8,
        helped -> Bool,
        ticket_id -> Nullable<Int8>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    article_sources (article_id, ticket_id) {
        article_id -> Int8,
        ticket_id -> Int8,
    }
}

diesel::table! {
    article_versions (article_id, version) {
        article_id -> Int8,
        version -> Int4,
        language -> Text,
        title -> Text,
        problem -> Text,
        solution -> Text,
        product_ids -> Array<Int8>,
        version_from -> Nullable<Text>,
        version_to -> Nullable<Text>,
        author_id -> Int8,
        created_at -> Timestamptz,
        redacted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    articles (id) {
        id -> Int8,
        version -> Int4,
        status -> Text,
        visibility -> Text,
        published_version -> Nullable<Int4>,
        published_at -> Nullable<Timestamptz>,
        published_by -> Nullable<Int8>,
        original_id -> Nullable<Int8>,
        source_redacted_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    attachment_texts (attachment_id) {
        attachment_id -> Int8,
        text -> Text,
    }
}

diesel::table! {
    attachments (id) {
        id -> Int8,
        ticket_id -> Nullable<Int8>,
        refusal_id -> Nullable<Int8>,
        release_id -> Nullable<Int8>,
        article_id -> Nullable<Int8>,
        article_version -> Nullable<Int4>,
        comment_id -> Nullable<Int8>,
        is_internal -> Bool,
        author_id -> Nullable<Int8>,
        filename -> Text,
        description -> Nullable<Text>,
        content_type -> Text,
        size -> Int8,
        sha256 -> Bytea,
        storage_key -> Text,
        created_at -> Timestamptz,
        redacted_at -> Nullable<Timestamptz>,
        is_unread -> Bool,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Int8,
        at -> Timestamptz,
        action -> Text,
        outcome -> Text,
        code -> Nullable<Text>,
        actor_id -> Nullable<Int8>,
        account -> Nullable<Text>,
        session_id -> Nullable<Int8>,
        api_token_id -> Nullable<Int8>,
        address -> Text,
        request_id -> Text,
        target -> Text,
        changes -> Nullable<Text>,
        request -> Nullable<Text>,
        times -> Int4,
    }
}

diesel::table! {
    bulk_items (bulk_id, ticket_id) {
        bulk_id -> Int8,
        ticket_id -> Int8,
        status -> Nullable<Int2>,
        problem -> Nullable<Jsonb>,
    }
}

diesel::table! {
    bulks (id) {
        id -> Int8,
        user_id -> Int8,
        role -> Text,
        action -> Jsonb,
        is_dry_run -> Bool,
        state -> Text,
        tickets -> Int4,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    calendar_days (day) {
        day -> Date,
        kind -> Text,
        reason -> Text,
    }
}

diesel::table! {
    clock (is_only) {
        is_only -> Bool,
        ahead_ms -> Int8,
    }
}

diesel::table! {
    clock_outcomes (ticket_id, number) {
        ticket_id -> Int8,
        company_id -> Int8,
        project_id -> Int8,
        number -> Int2,
        kind -> Text,
        state -> Text,
        at -> Timestamptz,
        due_at -> Nullable<Timestamptz>,
        stopped_at -> Nullable<Timestamptz>,
        runs_since -> Nullable<Timestamptz>,
        minutes -> Nullable<Int4>,
        over_minutes -> Nullable<Int4>,
        assignee_id -> Nullable<Int8>,
    }
}

diesel::table! {
    comment_versions (comment_id, version) {
        comment_id -> Int8,
        version -> Int4,
        body -> Text,
        salt -> Nullable<Bytea>,
        written_at -> Timestamptz,
        redacted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    comments (id) {
        id -> Int8,
        ticket_id -> Int8,
        author_id -> Nullable<Int8>,
        is_internal -> Bool,
        version -> Int4,
        body -> Text,
        salt -> Nullable<Bytea>,
        created_at -> Timestamptz,
        edited_at -> Nullable<Timestamptz>,
        redacted_at -> Nullable<Timestamptz>,
        release_id -> Nullable<Int8>,
        article_id -> Nullable<Int8>,
    }
}

diesel::table! {
    companies (id) {
        id -> Int8,
        version -> Int4,
        name -> Text,
        bin -> Nullable<Text>,
        address -> Nullable<Text>,
        contract -> Nullable<Text>,
        notes -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    company_sheets (company_id, month) {
        company_id -> Int8,
        month -> Date,
    }
}

diesel::table! {
    digest_entries (id) {
        id -> Int8,
        user_id -> Int8,
        kind -> Text,
        event_id -> Nullable<Int8>,
        refusal_id -> Nullable<Int8>,
        mail_id -> Nullable<Int8>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    direction_engineers (direction_id, user_id) {
        direction_id -> Int8,
        user_id -> Int8,
    }
}

diesel::table! {
    directions (id) {
        id -> Int8,
        version -> Int4,
        name -> Text,
        is_balanced -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    event_consumers (name) {
        name -> Text,
        last_position -> Int8,
    }
}

diesel::table! {
    event_texts (id) {
        id -> Int8,
        ticket_id -> Int8,
        body -> Text,
        salt -> Nullable<Bytea>,
        redacted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    events (id) {
        id -> Int8,
        ticket_id -> Nullable<Int8>,
        company_id -> Nullable<Int8>,
        seq -> Nullable<Int8>,
        #[sql_name = "type"]
        type_ -> Text,
        at -> Timestamptz,
        actor_id -> Nullable<Int8>,
        is_internal -> Bool,
        body -> Text,
        hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    feed (position) {
        position -> Int8,
        event_id -> Int8,
        company_id -> Nullable<Int8>,
    }
}

diesel::table! {
    feed_waiting (event_id) {
        event_id -> Int8,
    }
}

diesel::table! {
    history_key (is_only) {
        is_only -> Bool,
        key -> Nullable<Bytea>,
        fingerprint -> Bytea,
    }
}

diesel::table! {
    idempotent_responses (scope) {
        scope -> Bytea,
        fingerprint -> Bytea,
        role -> Text,
        company_id -> Nullable<Int8>,
        project_ids -> Nullable<Array<Int8>>,
        ticket_id -> Nullable<Int8>,
        article_id -> Nullable<Int8>,
        status -> Int2,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        language -> Text,
        body -> Nullable<Text>,
        is_blanked -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    imported (kind, source_id) {
        kind -> Text,
        source_id -> Int8,
        id -> Nullable<Int8>,
        content_hash -> Nullable<Text>,
        list_hash -> Nullable<Text>,
        seq -> Nullable<Int8>,
        about -> Jsonb,
    }
}

diesel::table! {
    imports (system) {
        system -> Text,
        address -> Text,
        lists -> Jsonb,
        walked_to -> Int8,
        is_whole -> Bool,
        shift -> Int8,
    }
}

diesel::table! {
    inbound_mails (id) {
        id -> Int8,
        message_id -> Text,
        content -> Bytea,
        reason -> Nullable<Text>,
        sender -> Nullable<Text>,
        subject -> Text,
        user_id -> Nullable<Int8>,
        ticket_id -> Nullable<Int8>,
        comment_id -> Nullable<Int8>,
        refusal_id -> Nullable<Int8>,
        is_request -> Bool,
        text -> Nullable<Text>,
        files -> Nullable<Jsonb>,
        outcome -> Nullable<Text>,
        settled_at -> Nullable<Timestamptz>,
        settled_by_id -> Nullable<Int8>,
        quoted -> Nullable<Text>,
        left_out -> Nullable<Jsonb>,
        raw -> Nullable<Bytea>,
        is_cut -> Bool,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    installation (is_only) {
        is_only -> Bool,
        place -> Text,
    }
}

diesel::table! {
    jobs (name) {
        name -> Text,
        worked_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
        failures -> Int4,
        last_error -> Nullable<Text>,
        seen_at -> Nullable<Timestamptz>,
        running_since -> Nullable<Timestamptz>,
        running_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    macros (id) {
        id -> Int8,
        version -> Int4,
        title -> Text,
        language -> Text,
        direction_id -> Nullable<Int8>,
        product_id -> Nullable<Int8>,
        steps -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    mails (id) {
        id -> Int8,
        kind -> Text,
        user_id -> Nullable<Int8>,
        address -> Nullable<Text>,
        about -> Nullable<Text>,
        ticket_id -> Nullable<Int8>,
        event_id -> Nullable<Int8>,
        refusal_id -> Nullable<Int8>,
        webhook_id -> Nullable<Int8>,
        bulk_id -> Nullable<Int8>,
        inbound_mail_id -> Nullable<Int8>,
        attempts -> Int4,
        due_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        dead_at -> Nullable<Timestamptz>,
        is_withdrawn -> Bool,
        last_error -> Nullable<Text>,
        words -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    notification_settings (user_id, kind) {
        user_id -> Int8,
        kind -> Text,
        email -> Bool,
        inbox -> Bool,
        digest -> Bool,
    }
}

diesel::table! {
    notifications (id) {
        id -> Int8,
        user_id -> Int8,
        kind -> Text,
        ticket_id -> Nullable<Int8>,
        event_id -> Nullable<Int8>,
        refusal_id -> Nullable<Int8>,
        webhook_id -> Nullable<Int8>,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    password_resets (user_id) {
        user_id -> Int8,
        hash -> Bytea,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    products (id) {
        id -> Int8,
        version -> Int4,
        direction_id -> Int8,
        name -> Text,
        is_active -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    project_members (project_id, user_id) {
        project_id -> Int8,
        user_id -> Int8,
        company_id -> Int8,
    }
}

diesel::table! {
    projects (id) {
        id -> Int8,
        version -> Int4,
        company_id -> Int8,
        direction_id -> Int8,
        is_active -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Bytea,
        session_id -> Int8,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refusals (id) {
        id -> Int8,
        reason -> Text,
        state -> Text,
        company_id -> Int8,
        project_id -> Int8,
        direction_id -> Int8,
        author_id -> Int8,
        subject -> Text,
        request -> Jsonb,
        duplicate_of -> Nullable<Int8>,
        decided_by_id -> Nullable<Int8>,
        decided_at -> Nullable<Timestamptz>,
        decision_comment -> Nullable<Text>,
        ticket_id -> Nullable<Int8>,
        notify_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    releases (id) {
        id -> Int8,
        revision -> Int4,
        product_id -> Int8,
        version -> Text,
        planned_on -> Nullable<Date>,
        published_at -> Nullable<Timestamptz>,
        notes -> Nullable<Text>,
        public_url -> Nullable<Text>,
        is_settled -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    reply_key (is_only) {
        is_only -> Bool,
        key -> Bytea,
    }
}

diesel::table! {
    search_of_articles (article_id) {
        article_id -> Int8,
        is_public -> Bool,
        vector -> crate::db::tsvector::Tsvector,
        words -> Array<Text>,
    }
}

diesel::table! {
    search_of_customers (ticket_id) {
        ticket_id -> Int8,
        project_id -> Int8,
        vector -> crate::db::tsvector::Tsvector,
        words -> Array<Text>,
    }
}

diesel::table! {
    search_renamed (product_id) {
        product_id -> Int8,
        before_at -> Nullable<Timestamptz>,
        before_id -> Nullable<Int8>,
    }
}

diesel::table! {
    search_of_support (ticket_id) {
        ticket_id -> Int8,
        project_id -> Int8,
        vector -> crate::db::tsvector::Tsvector,
        words -> Array<Text>,
    }
}

diesel::table! {
    search_words (scope, is_word, text) {
        scope -> Int8,
        is_word -> Bool,
        text -> Text,
        tickets -> Int4,
        spelling -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Int8,
        user_id -> Int8,
        user_agent -> Text,
        address -> Text,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        authenticated_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    settings (is_only) {
        is_only -> Bool,
        version -> Int4,
        zone -> Text,
        opens -> Text,
        closes -> Text,
        weekdays -> Jsonb,
        filled_until -> Date,
        sla -> Jsonb,
        reports -> Jsonb,
        articles_need_review -> Bool,
    }
}

diesel::table! {
    known_networks (user_id, network) {
        user_id -> Int8,
        network -> Text,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    password_reset_requests (email_folded) {
        email_folded -> Text,
    }
}

diesel::table! {
    audit_minutes (minute, action, account, address) {
        minute -> Timestamptz,
        action -> Text,
        account -> Text,
        address -> Text,
        at -> Timestamptz,
        code -> Nullable<Text>,
        actor_id -> Nullable<Int8>,
        session_id -> Nullable<Int8>,
        request_id -> Text,
        target -> Text,
        times -> Int4,
    }
}

diesel::table! {
    sign_in_attempts (key) {
        key -> Text,
        failures -> Int4,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    stream_tickets (hash) {
        hash -> Bytea,
        session_id -> Nullable<Int8>,
        api_token_id -> Nullable<Int8>,
        expires_at -> Timestamptz,
        stream_ends_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    ticket_facts (id) {
        id -> Int8,
        ticket_id -> Int8,
        company_id -> Int8,
        project_id -> Int8,
        kind -> Text,
        at -> Timestamptz,
        filed_at -> Timestamptz,
        assignee_id -> Nullable<Int8>,
        minutes -> Nullable<Int4>,
        support_minutes -> Nullable<Int4>,
        customer_minutes -> Nullable<Int4>,
        on_hold_minutes -> Nullable<Int4>,
        awaiting_release_minutes -> Nullable<Int4>,
        close_reason -> Nullable<Text>,
        rating -> Nullable<Int2>,
    }
}

diesel::table! {
    ticket_links (ticket_id, other_id) {
        ticket_id -> Int8,
        other_id -> Int8,
        kind -> Nullable<Text>,
    }
}

diesel::table! {
    ticket_presence (ticket_id, user_id) {
        ticket_id -> Int8,
        user_id -> Int8,
        is_writing -> Bool,
        seen_at -> Timestamptz,
    }
}

diesel::table! {
    ticket_reads (user_id, ticket_id) {
        user_id -> Int8,
        ticket_id -> Int8,
        last_read_comment_id -> Int8,
    }
}

diesel::table! {
    ticket_texts (ticket_id) {
        ticket_id -> Int8,
        description -> Text,
        software_version -> Nullable<Text>,
        connection_scheme -> Nullable<Text>,
        addresses -> Nullable<Text>,
        steps -> Nullable<Text>,
        cause -> Nullable<Text>,
        expected_result -> Nullable<Text>,
    }
}

diesel::table! {
    ticket_watchers (ticket_id, user_id) {
        ticket_id -> Int8,
        user_id -> Int8,
    }
}

diesel::table! {
    tickets (id) {
        id -> Int8,
        version -> Int4,
        project_id -> Int8,
        company_id -> Int8,
        direction_id -> Int8,
        product_id -> Nullable<Int8>,
        product_name -> Nullable<Text>,
        serial_number -> Nullable<Text>,
        external_ref -> Nullable<Text>,
        needs_details -> Bool,
        subject -> Text,
        words -> Array<Int4>,
        not_duplicate_of -> Array<Int8>,
        tracker -> Text,
        status -> Text,
        is_open -> Bool,
        priority -> Text,
        priority_rank -> Int2,
        impact -> Nullable<Text>,
        urgency -> Nullable<Text>,
        complexity -> Text,
        author_id -> Int8,
        contact_id -> Nullable<Int8>,
        assignee_id -> Nullable<Int8>,
        parent_id -> Nullable<Int8>,
        close_reason -> Nullable<Text>,
        refusal_reason -> Nullable<Text>,
        duplicate_of -> Nullable<Int8>,
        merged_into -> Nullable<Int8>,
        waiting_on -> Nullable<Text>,
        review_on -> Nullable<Date>,
        review_notified_on -> Nullable<Date>,
        release_id -> Nullable<Int8>,
        release_planned_on -> Nullable<Date>,
        topic_id -> Nullable<Int8>,
        root_cause -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamptz>,
        rating -> Nullable<Int2>,
        is_answer_due -> Bool,
        needs_action_from -> Text,
        feedback_since -> Nullable<Timestamptz>,
        closes_at -> Nullable<Timestamptz>,
        remind_at -> Nullable<Timestamptz>,
        clocks -> Jsonb,
        turns -> Nullable<Jsonb>,
        clocks_version -> Nullable<Int4>,
        due_at -> Timestamptz,
        alert_at -> Nullable<Timestamptz>,
        queue_rank -> Nullable<Timestamptz>,
        accepted_at -> Nullable<Timestamptz>,
        first_answered_at -> Nullable<Timestamptz>,
        resolved_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        head_seq -> Int8,
        head_hash -> Bytea,
    }
}

diesel::table! {
    topics (id) {
        id -> Int8,
        version -> Int4,
        direction_id -> Int8,
        name -> Text,
        is_active -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    uploads (id) {
        id -> Text,
        user_id -> Int8,
        storage_key -> Text,
        is_complete -> Bool,
        filename -> Text,
        content_type -> Text,
        size -> Int8,
        sha256 -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Int8,
        version -> Int4,
        role -> Text,
        company_id -> Nullable<Int8>,
        sees -> Text,
        email -> Text,
        email_folded -> Text,
        first_name -> Text,
        last_name -> Text,
        language -> Text,
        password_hash -> Nullable<Text>,
        password_expires_at -> Nullable<Timestamptz>,
        must_change_password -> Bool,
        is_active -> Bool,
        is_suspended -> Bool,
        is_deactivated_by_company -> Bool,
        is_company_admin -> Bool,
        invited_at -> Nullable<Timestamptz>,
        last_signed_in_at -> Nullable<Timestamptz>,
        absent_since -> Nullable<Timestamptz>,
        absent_until -> Nullable<Timestamptz>,
        planned_since -> Nullable<Timestamptz>,
        planned_until -> Nullable<Timestamptz>,
        mail_failures -> Int4,
        undeliverable_since -> Nullable<Timestamptz>,
        undeliverable_reason -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    views (id) {
        id -> Int8,
        version -> Int4,
        owner_id -> Int8,
        name -> Text,
        shared_with -> Nullable<Text>,
        company_id -> Nullable<Int8>,
        filters -> Jsonb,
        sort -> Text,
        shown -> Array<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Int8,
        webhook_id -> Int8,
        event_id -> Nullable<Int8>,
        #[sql_name = "type"]
        type_ -> Text,
        state -> Text,
        attempts -> Int4,
        due_at -> Timestamptz,
        attempted_at -> Nullable<Timestamptz>,
        duration_ms -> Nullable<Int4>,
        response_status -> Nullable<Int2>,
        response_body -> Nullable<Text>,
        error -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Int8,
        version -> Int4,
        company_id -> Nullable<Int8>,
        owner_id -> Int8,
        url -> Text,
        events -> Nullable<Array<Text>>,
        description -> Nullable<Text>,
        is_active -> Bool,
        disabled_reason -> Nullable<Text>,
        disabled_at -> Nullable<Timestamptz>,
        since_position -> Int8,
        secret -> Bytea,
        previous_secret -> Nullable<Bytea>,
        previous_secret_until -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        attempted_at -> Nullable<Timestamptz>,
        busy_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::joinable!(answer_templates -> directions (direction_id));
diesel::joinable!(answer_templates -> products (product_id));
diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(article_feedback -> articles (article_id));
diesel::joinable!(article_sources -> articles (article_id));
diesel::joinable!(article_versions -> articles (article_id));
diesel::joinable!(attachment_texts -> attachments (attachment_id));
diesel::joinable!(attachments -> comments (comment_id));
diesel::joinable!(attachments -> refusals (refusal_id));
diesel::joinable!(attachments -> releases (release_id));
diesel::joinable!(attachments -> tickets (ticket_id));
diesel::joinable!(attachments -> users (author_id));
diesel::joinable!(audit_log -> users (actor_id));
diesel::joinable!(comment_versions -> comments (comment_id));
diesel::joinable!(comments -> releases (release_id));
diesel::joinable!(comments -> tickets (ticket_id));
diesel::joinable!(comments -> users (author_id));
diesel::joinable!(digest_entries -> mails (mail_id));
diesel::joinable!(digest_entries -> refusals (refusal_id));
diesel::joinable!(digest_entries -> users (user_id));
diesel::joinable!(direction_engineers -> directions (direction_id));
diesel::joinable!(direction_engineers -> users (user_id));
diesel::joinable!(event_texts -> tickets (ticket_id));
diesel::joinable!(events -> companies (company_id));
diesel::joinable!(events -> tickets (ticket_id));
diesel::joinable!(events -> users (actor_id));
diesel::joinable!(feed -> events (event_id));
diesel::joinable!(inbound_mails -> comments (comment_id));
diesel::joinable!(inbound_mails -> refusals (refusal_id));
diesel::joinable!(inbound_mails -> tickets (ticket_id));
diesel::joinable!(inbound_mails -> users (user_id));
diesel::joinable!(macros -> directions (direction_id));
diesel::joinable!(macros -> products (product_id));
diesel::joinable!(mails -> inbound_mails (inbound_mail_id));
diesel::joinable!(mails -> refusals (refusal_id));
diesel::joinable!(mails -> tickets (ticket_id));
diesel::joinable!(mails -> users (user_id));
diesel::joinable!(mails -> webhooks (webhook_id));
diesel::joinable!(notification_settings -> users (user_id));
diesel::joinable!(notifications -> refusals (refusal_id));
diesel::joinable!(notifications -> tickets (ticket_id));
diesel::joinable!(notifications -> users (user_id));
diesel::joinable!(notifications -> webhooks (webhook_id));
diesel::joinable!(password_resets -> users (user_id));
diesel::joinable!(products -> directions (direction_id));
diesel::joinable!(projects -> companies (company_id));
diesel::joinable!(projects -> directions (direction_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(refusals -> companies (company_id));
diesel::joinable!(refusals -> directions (direction_id));
diesel::joinable!(refusals -> projects (project_id));
diesel::joinable!(releases -> products (product_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(ticket_presence -> tickets (ticket_id));
diesel::joinable!(ticket_presence -> users (user_id));
diesel::joinable!(ticket_reads -> comments (last_read_comment_id));
diesel::joinable!(ticket_reads -> tickets (ticket_id));
diesel::joinable!(ticket_reads -> users (user_id));
diesel::joinable!(ticket_texts -> tickets (ticket_id));
diesel::joinable!(ticket_watchers -> tickets (ticket_id));
diesel::joinable!(ticket_watchers -> users (user_id));
diesel::joinable!(tickets -> companies (company_id));
diesel::joinable!(tickets -> directions (direction_id));
diesel::joinable!(tickets -> products (product_id));
diesel::joinable!(topics -> directions (direction_id));
diesel::joinable!(tickets -> projects (project_id));
diesel::joinable!(uploads -> users (user_id));
diesel::joinable!(users -> companies (company_id));
diesel::joinable!(webhook_deliveries -> webhooks (webhook_id));
diesel::joinable!(webhooks -> companies (company_id));
diesel::joinable!(webhooks -> users (owner_id));

diesel::allow_tables_to_appear_in_same_query!(
    absences,
    answer_templates,
    api_tokens,
    article_feedback,
    article_sources,
    article_versions,
    articles,
    attachment_texts,
    attachments,
    audit_log,
    bulk_items,
    bulks,
    calendar_days,
    clock,
    clock_outcomes,
    comment_versions,
    comments,
    companies,
    company_sheets,
    digest_entries,
    direction_engineers,
    directions,
    event_consumers,
    event_texts,
    events,
    feed,
    feed_waiting,
    history_key,
    idempotent_responses,
    imported,
    imports,
    inbound_mails,
    installation,
    jobs,
    macros,
    mails,
    notification_settings,
    notifications,
    password_resets,
    products,
    project_members,
    projects,
    refresh_tokens,
    refusals,
    releases,
    reply_key,
    search_of_articles,
    search_of_customers,
    search_of_support,
    search_renamed,
    search_words,
    sessions,
    settings,
    sign_in_attempts,
    stream_tickets,
    ticket_facts,
    ticket_links,
    ticket_presence,
    ticket_reads,
    ticket_texts,
    ticket_watchers,
    tickets,
    topics,
    uploads,
    users,
    views,
    webhook_deliveries,
    webhooks,
);
