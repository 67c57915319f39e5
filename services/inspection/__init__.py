"""What Naver Pay's inspector asks, judged by journal, links and webhooks; only Naver Pay's own rows count."""
