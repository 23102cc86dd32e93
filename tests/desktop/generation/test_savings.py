"""Memory that ran short is told: after the job, in the log's details, and when a picture is made again."""

from __future__ import annotations

import pytest

from desktop.generation.factors import changed_factors, factors_sentence
from desktop.generation.savings import savings_deeds, savings_sentence
from desktop.panels.history_words import details
from tests.desktop.generation.test_controller import Trip, generate

TAKEN = (("denoise", "attention-slices"), ("denoise", "smaller-window"), ("decode", "smaller-window"))
SENTENCE = (
    "Memory ran short: attention was computed in slices, the picture was painted in windows. The picture was finished."
)


async def test_a_job_that_saved_memory_says_so(trip: Trip) -> None:
    await generate(trip)
    assert trip.messages == []
    trip.client.script.thrift = TAKEN
    await generate(trip)
    assert trip.messages == [SENTENCE]
    plain, thrifty = trip.document.generations.records
    assert "Memory" not in dict(details(plain))
    assert dict(details(thrifty))["Memory"] == "attention was computed in slices, the picture was painted in windows"
    factors = changed_factors(plain.facts, thrifty.facts)
    assert [factor.name for factor in factors] == ["thrift"]
    assert "the way memory is saved" in factors_sentence(factors, ())


def test_every_rung_of_the_engine_has_words() -> None:
    rungs = pytest.importorskip("pipelines.engine.thrift").Rung
    for rung in rungs:
        assert savings_deeds({"thrift": [{"rung": str(rung)}]}) != str(rung)


@pytest.mark.parametrize("taken", [None, "tiled", [], [3], [{}]])
def test_facts_of_other_versions_do_no_harm(taken: object) -> None:
    assert savings_sentence({"thrift": taken}) == ""
