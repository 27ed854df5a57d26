"""What Alembic runs when the database is opened."""
