"""The pages of signing in, of one's sessions, and of accounts."""
