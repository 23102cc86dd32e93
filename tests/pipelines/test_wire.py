"""The language between the processes: what goes in comes out, and nothing that is no frame gets through."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipelines.client.event_stream import EventStream
from pipelines.client.wire import (
    MAGIC,
    Cancel,
    Frame,
    Prepare,
    Submit,
    WireError,
    pack_command,
    pack_event,
    read_frame,
    unpack_command,
    unpack_event,
    write_frame,
)
from pipelines.contract.events import (
    Cancelled,
    EngineEvent,
    EngineReady,
    Failed,
    FailureKind,
    Finished,
    Preview,
    Progress,
    Queued,
    Released,
)
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import Fill, GenerationRequest, LoraWeight, Task

texts = st.text(max_size=40)
pictures = hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(4)))
facts = st.dictionaries(texts, st.one_of(st.integers(), texts, st.floats(allow_nan=False), st.none()), max_size=4)
plain_events = st.one_of(
    st.builds(Queued, texts, st.integers(0, 99)),
    st.builds(Progress, texts, st.integers(1, 99), st.integers(1, 99), st.floats(0, 1e6)),
    st.builds(Failed, texts, st.sampled_from(FailureKind), texts, texts),
    st.builds(Cancelled, texts),
    st.builds(EngineReady, texts, texts, texts, st.integers(0, 2**50)),
    st.builds(Released, texts, st.integers(0, 99), st.integers(0, 2**50)),
)


def through_the_pipe(frame: Frame) -> Frame:
    stream = io.BytesIO()
    write_frame(stream, frame)
    stream.seek(0)
    back = read_frame(stream)
    assert back is not None
    assert read_frame(stream) is None
    return back


def test_a_model_to_read_ahead_comes_out_equal() -> None:
    info = ModelInfo("sd1", "Ünder the moon", "/models/sd1", ModelKind.DIFFUSERS, Family.SD1, size_bytes=2**33)
    assert unpack_command(through_the_pipe(pack_command(Prepare(info)))) == Prepare(info)
    with pytest.raises(WireError):
        unpack_command(Frame({"verb": "prepare"}))


@given(plain_events)
def test_plain_events_come_out_equal(event: EngineEvent) -> None:
    assert unpack_event(through_the_pipe(pack_event(event))) == event


@given(texts, st.lists(pictures, max_size=3), facts)
def test_finished_pictures_come_out_bit_for_bit(job_id: str, patches: list[np.ndarray], values: dict) -> None:
    back = unpack_event(through_the_pipe(pack_event(Finished(job_id, tuple(patches), values))))
    assert isinstance(back, Finished)
    assert back.job_id == job_id
    assert dict(back.facts) == values
    assert len(back.patches) == len(patches)
    assert all((a == b).all() for a, b in zip(back.patches, patches, strict=True))


@given(pictures)
def test_previews_come_out_bit_for_bit(picture: np.ndarray) -> None:
    back = unpack_event(through_the_pipe(pack_event(Preview("job", 3, 1, picture))))
    assert isinstance(back, Preview)
    assert (back.step, back.index) == (3, 1)
    assert (back.image == picture).all()


@given(st.sampled_from(Task), texts, st.integers(0, 2**63 - 1), st.sampled_from(Fill), st.booleans(), st.booleans())
def test_requests_come_out_equal(
    task: Task, prompt: str, seed: int, fill: Fill, has_image: bool, has_mask: bool
) -> None:
    image = np.arange(20 * 17 * 4, dtype=np.uint8).reshape(20, 17, 4) if has_image else None
    mask = np.arange(20 * 17, dtype=np.uint8).reshape(20, 17) if has_mask else None
    loras = (LoraWeight("ink", 0.5),)
    sent = GenerationRequest(task, "m", prompt, seed=seed, fill=fill, image=image, mask=mask, loras=loras)
    model = ModelInfo("m", "M", "/models/m", ModelKind.DIFFUSERS, Family.SDXL)
    back = unpack_command(through_the_pipe(pack_command(Submit("job", sent, [model]))))
    assert isinstance(back, Submit)
    assert back.job_id == "job"
    assert back.request.to_dict() == sent.to_dict()
    assert list(back.models) == [model]
    for was, now in ((image, back.request.image), (mask, back.request.mask)):
        assert (was is None) == (now is None)
        assert was is None or (was == now).all()


def test_cancel_travels() -> None:
    assert unpack_command(through_the_pipe(pack_command(Cancel("j")))) == Cancel("j")


@given(st.binary(min_size=1, max_size=200))
@settings(max_examples=300)
def test_nonsense_is_refused_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(WireError):
        read_frame(io.BytesIO(noise))
    with pytest.raises(WireError):
        read_frame(io.BytesIO(MAGIC + struct.pack("<I", len(noise) + 1) + noise))


@pytest.mark.parametrize("arrays", [[[8192, 8192, 4, 2]], [[-1, 4]], [[2**40]], [["a"]], [[1]] * 65, 7, [[3, 4, 5, 6]]])
def test_boundless_sizes_are_refused_before_anything_is_allocated(arrays: object) -> None:
    header = json.dumps({"arrays": arrays}).encode()
    with pytest.raises(WireError):
        read_frame(io.BytesIO(MAGIC + struct.pack("<I", len(header)) + header))


def test_a_frame_cut_short_is_refused() -> None:
    stream = io.BytesIO()
    write_frame(stream, Frame({"verb": "x"}, [np.zeros((4, 4), np.uint8)]))
    for length in range(1, len(stream.getvalue())):
        with pytest.raises(WireError):
            read_frame(io.BytesIO(stream.getvalue()[:length]))


@pytest.mark.parametrize("header", [{"event": "Nothing", "values": {}}, {"event": "Queued", "values": {"a": 1}}, {}])
def test_unknown_events_are_refused(header: dict) -> None:
    with pytest.raises(WireError):
        unpack_event(Frame(header))
    with pytest.raises(WireError):
        unpack_command(Frame(header))


async def test_a_new_preview_takes_the_place_of_an_unread_one() -> None:
    stream = EventStream()
    picture = np.zeros((1, 1, 4), np.uint8)
    previews = [Preview("a", 1, 0, picture), Preview("b", 1, 0, picture), Preview("a", 2, 0, picture)]
    for event in (Queued("a", 0), *previews):
        stream.put(event)
    stream.close()
    heard = [(type(event), event.job_id, getattr(event, "step", None)) async for event in stream.events()]
    assert heard == [(Queued, "a", None), (Preview, "b", 1), (Preview, "a", 2)]


def test_clients_never_import_torch() -> None:
    code = (
        "import sys\n"
        "import pipelines.client.process, pipelines.client.inline, pipelines.client.fake\n"
        "heavy = {'torch', 'diffusers', 'transformers', 'PySide6', 'pipelines.engine', 'cv2'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
