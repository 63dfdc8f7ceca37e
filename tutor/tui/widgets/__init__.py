"""The widgets: each takes plain data, posts messages, and knows neither app nor store nor path."""
