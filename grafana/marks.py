"""The layer that marks a patient's matches on every time series of a board."""

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import AnnotationQuery, AnnotationTarget

from cep_patterns.pattern import Severity
from grafana import patient_matches
from grafana.matches import COLOURS, spoken
from grafana.panels import DATASOURCE


class FluxTarget(AnnotationTarget):
    """A Flux query where the SDK knows only Grafana's own annotations."""

    def __init__(self, query: str, ref_id: str) -> None:
        super().__init__(limit=patient_matches.MARKS_SHOWN, type_val="dashboard")
        self.query = query
        self.ref_id = ref_id

    def to_json(self) -> dict[str, object]:
        """Return what Grafana stores for this target."""
        return {**super().to_json(), "refId": self.ref_id, "query": self.query}


class Marks(Builder[AnnotationQuery]):
    """Matches of one severity, in its colour; the text says the severity too."""

    def __init__(self, severity: Severity) -> None:
        self._severity = severity

    def build(self) -> AnnotationQuery:
        """Return the layer, switched on."""
        return AnnotationQuery(
            name=f"Alert marks {spoken(self._severity)}",
            datasource=DATASOURCE,
            enable=True,
            hide=False,
            icon_color=COLOURS[self._severity],
            target=FluxTarget(
                patient_matches.marks(self._severity), f"Marks {self._severity}"
            ),
        )
