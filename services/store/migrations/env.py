"""Alembic's entry: the caller's connection and its transaction, so that a revision is all or nothing."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
