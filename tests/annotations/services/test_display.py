"""Settings of display belong to one person and one data set."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import DisplaySettings, Role
from annotations.services.display import MOST_AHEAD, ChannelDisplay, display_of, save_display
from tests.factories import make_dataset, make_member, make_user

pytestmark = pytest.mark.django_db


def _channel(**changes: Any) -> ChannelDisplay:
    channel = ChannelDisplay(
        name="DAPI", colour="0080FF", visible=True, low=10.0, high=200.0, gamma=1.0
    )
    channel.update(changes)  # type: ignore[typeddict-item]
    return channel


def test_settings_come_back_as_they_were_saved_and_to_nobody_else() -> None:
    dataset = make_dataset()
    other = make_member(project=dataset.project, role=Role.VIEWER).user
    assert display_of(by=dataset.created_by, dataset=dataset).channels == []
    channels = [_channel(), _channel(name="", visible=False, gamma=2.0)]
    save_display(by=dataset.created_by, dataset=dataset, channels=channels)
    assert display_of(by=dataset.created_by, dataset=dataset).channels == channels
    assert display_of(by=other, dataset=dataset).channels == []


def test_saving_again_replaces() -> None:
    dataset = make_dataset()
    for high in (50.0, 60.0):
        save_display(by=dataset.created_by, dataset=dataset, channels=[_channel(high=high)])
    assert DisplaySettings.objects.get().channels[0]["high"] == 60.0


def test_no_channel_brings_the_defaults_back() -> None:
    dataset = make_dataset()
    for channels in ([_channel()], [], []):
        save_display(by=dataset.created_by, dataset=dataset, channels=channels)
    assert display_of(by=dataset.created_by, dataset=dataset).channels == []


@pytest.mark.parametrize("later", [[], [_channel(high=60.0)]])
def test_a_choice_that_arrives_after_a_later_one_changes_nothing(
    later: list[ChannelDisplay],
) -> None:
    dataset = make_dataset()
    by = dataset.created_by
    save_display(by=by, dataset=dataset, channels=later, turn=2)
    kept = save_display(by=by, dataset=dataset, channels=[_channel()], turn=1)
    assert (kept.channels, kept.turn) == (later, 2)
    assert display_of(by=by, dataset=dataset).channels == later


def test_a_choice_that_says_no_turn_is_the_latest() -> None:
    dataset = make_dataset()
    by = dataset.created_by
    save_display(by=by, dataset=dataset, channels=[_channel()], turn=40)
    kept = save_display(by=by, dataset=dataset, channels=[])
    assert (kept.channels, kept.turn) == ([], 41)


def test_no_slip_of_a_program_uses_up_the_turns() -> None:
    dataset = make_dataset()
    by = dataset.created_by
    save_display(by=by, dataset=dataset, channels=[_channel()], turn=MOST_AHEAD)
    with pytest.raises(Rejected, match=f"turn known here is {MOST_AHEAD}"):
        save_display(by=by, dataset=dataset, channels=[], turn=2 * MOST_AHEAD + 1)
    assert display_of(by=by, dataset=dataset).channels == [_channel()]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"low": 200.0}, "low must be below high"),
        ({"high": float("inf")}, "finite"),
        ({"low": float("nan")}, "finite"),
        ({"gamma": 0.0}, "gamma"),
        ({"gamma": 11.0}, "gamma"),
        ({"colour": "#0080f"}, "hexadecimal"),
        ({"colour": "0080FF\n"}, "hexadecimal"),
        ({"name": "x" * 201}, "letters"),
    ],
)
def test_what_no_screen_can_draw_is_refused(changes: dict[str, Any], reason: str) -> None:
    dataset = make_dataset()
    with pytest.raises(Rejected, match=f"Channel 2: .*{reason}"):
        save_display(
            by=dataset.created_by, dataset=dataset, channels=[_channel(), _channel(**changes)]
        )
    assert not DisplaySettings.objects.exists()


def test_there_are_not_too_many_channels() -> None:
    dataset = make_dataset()
    with pytest.raises(Rejected, match="at most 200"):
        save_display(by=dataset.created_by, dataset=dataset, channels=[_channel()] * 201)


def test_a_stranger_keeps_nothing_here() -> None:
    with pytest.raises(PermissionDenied):
        save_display(by=make_user(), dataset=make_dataset(), channels=[_channel()])
