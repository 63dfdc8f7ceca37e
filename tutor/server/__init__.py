"""The workshop: many learners of one tutor, each by plain ssh; the only importer of asyncssh."""
