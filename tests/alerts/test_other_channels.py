"""The stand-in for channels that are not set up."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from alerts.channels import NotNowError
from alerts.database import Database
from alerts.other_channels import Local


def test_a_message_that_the_database_cannot_take_now_is_sent_later(
    database: Database,
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE local_message"))
    message: Any = SimpleNamespace(
        channel="sms", short="Bed 7", message_id="m", recipient="x", subject="y"
    )
    with pytest.raises(NotNowError, match="the database"):
        Local(database, lambda: 0).send(message)
