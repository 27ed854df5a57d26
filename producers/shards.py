"""Shares of a fleet, so that several processes or machines play it together."""

from typing import NamedTuple, Self


class Shard(NamedTuple):
    """Share ``number`` (from 1) of ``of``: every ``of``-th of what is dealt out."""

    number: int
    of: int

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Return what ``text``, as in 2/4, means; ``ValueError`` if nothing."""
        number, of = map(int, text.split("/"))
        if not 1 <= number <= of:
            msg = f"{number} is not from 1 to {of}"
            raise ValueError(msg)
        return cls(number, of)

    def __str__(self) -> str:
        """Return it as it is given."""
        return f"{self.number}/{self.of}"

    def takes(self, index: int) -> bool:
        """Whether what is dealt out as number ``index``, from 0, is in this share."""
        return index % self.of == self.number - 1

    def split(self, n: int) -> list["Shard"]:
        """Return ``n`` shards that together are this one."""
        return [Shard(self.number + self.of * i, self.of * n) for i in range(n)]


WHOLE = Shard(1, 1)
