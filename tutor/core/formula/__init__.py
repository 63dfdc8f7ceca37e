"""The formula language: text, checked, to a graph, to code. `tutor.core.expression` is its door."""
