"""The lessons as lines of text with prompts: for screen readers, pipes and slow links."""
