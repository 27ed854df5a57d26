"""A message of the topic ``matches``, as alarms read it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from alerts.model import Ongoing
from cep_patterns.pattern import Kind, Severity


class Match(BaseModel):
    """One pattern found, or over; ``source`` says where that was read."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    match_id: str
    pattern_name: str
    rule_version: int | None = None
    kind: Kind
    severity: Severity
    phase: Literal["ongoing", "ended"]
    patient_id: str
    device_id: str
    started_ms: int
    ended_ms: int | None = None
    ts_ms: int
    observed: float | None = None
    limit_value: float | None = None
    source: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the message says that it is over."""
        return self.phase == "ended"

    @property
    def found_ms(self) -> int:
        """When it was found; where that was never read, when it began."""
        return self.started_ms if self.is_over else self.ts_ms

    @property
    def ongoing(self) -> Ongoing:
        """What an alarm keeps of it."""
        return Ongoing(
            match_id=self.match_id,
            severity=self.severity,
            device_id=self.device_id,
            started_ms=self.started_ms,
        )
