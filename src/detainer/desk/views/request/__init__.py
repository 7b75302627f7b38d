"""The pages of one request, from what came in to the reply."""
