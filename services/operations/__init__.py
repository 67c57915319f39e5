"""Operations: all that changes something at the gateway; written down before it is done, and done once.

    asked for ------------------------------.
        | a second person, a file's turn or  |
        | a step before it is waited for     v   claimed: fence and
    awaiting_approval -------------------> intent ---------------> sent
                        approved, let go    ^  |   attempt, a call   |
                                sent again  |  |                     |
                               by a person  |  | stopped or too      | answer lost, or
                                            |  v old, sent before    v its process died
                                        needs_person <----------- unknown
                                               six looks show nothing

    succeeded   from sent: answered; from unknown: seen at the gateway; from needs_person: seen, or a person says so
    intent      from unknown besides, by way of needs_person: its claimant, taken for dead, says that nothing left
    refused     from awaiting_approval: declined, or the step before failed; from intent: stopped before a call; from
                sent, unknown and needs_person: the gateway's word, or a person's
    expired     from awaiting_approval, intent: nobody came in time; from sent: three tries did not leave

What ended never changes. `journal/` writes down what people want and say, and knows what may follow what; `actions/`
knows for each kind how it is sent and recognised, `files/` lets many go in turn. `executor.py` sees what is due,
`send.py` claims and calls once, `resolve.py` only reads, and `record.py` says what each outcome does to a row.
"""
