"""Times of day by a ward's clock."""

from datetime import datetime, time, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f"{name!r} is no time zone; write one as Europe/Berlin"
        raise ValueError(msg) from None
    return name


def _clock(shown: time) -> time:
    if shown.tzinfo is not None:
        msg = f"{shown} names a time zone; hours go by the ward's own clock"
        raise ValueError(msg)
    return shown


Zone = Annotated[str, AfterValidator(_zone)]
Clock = Annotated[time, AfterValidator(_clock)]


class Part(BaseModel):
    """A part of the people's file: unchangeable, and without unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Hours(Part):
    """A time of day by the wall clock, past midnight where it ends before it began.

    Hours that end when they begin last the whole day.
    """

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    days: tuple[Day, ...] = DAYS

    def cover(self, local: datetime) -> bool:
        """Return whether ``local`` lies within; hours belong to the day they begin."""
        clock = local.time().replace(tzinfo=None)
        today = DAYS[local.weekday()] in self.days
        if self.start < self.end:
            return today and self.start <= clock < self.end
        yesterday = DAYS[local.weekday() - 1] in self.days
        return (today and clock >= self.start) or (yesterday and clock < self.end)

    def next_end(self, local: datetime) -> datetime:
        """Return when the wall clock next shows the end, after ``local``."""
        end = datetime.combine(local.date(), self.end, tzinfo=local.tzinfo)
        return end if end > local else end + timedelta(days=1)
