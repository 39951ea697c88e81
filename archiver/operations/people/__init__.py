"""Questions of identity: compare both records, record answers, search for duplicates."""
