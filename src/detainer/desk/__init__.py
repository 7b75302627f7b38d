"""The staff's pages: sign in, the list, a new request, one request, approvals."""
