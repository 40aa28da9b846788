"""How a person likes to work: keys, and whether they know their way around."""

from collections.abc import Mapping

from annotations.errors import Rejected
from annotations.models import Preferences, User

MOST_KEYS = 120
LONGEST = 40


def preferences_of(*, user: User) -> Preferences:
    """The person's own, or the usual ones, which are not stored."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def save_preferences(
    *,
    by: User,
    keys: Mapping[str, str] | None = None,
    tour_seen: bool | None = None,
    label_tour_seen: bool | None = None,
) -> Preferences:
    """Keep what is given; what is None stays as it is."""
    given = {"keys": keys, "tour_seen": tour_seen, "label_tour_seen": label_tour_seen}
    changed = {name: value for name, value in given.items() if value is not None}
    if keys is not None:
        changed["keys"] = _checked(keys)
    preferences, _ = Preferences.objects.update_or_create(user=by, defaults=changed)
    return preferences


def _checked(keys: Mapping[str, str]) -> dict[str, str]:
    if len(keys) > MOST_KEYS:
        raise Rejected(f"At most {MOST_KEYS} keys can be changed.", field="keys")
    for command, key in keys.items():
        if not (0 < len(command) <= LONGEST and 0 < len(key) <= LONGEST):
            raise Rejected("A command and its key have 1 to 40 letters.", field="keys")
    # On two screens one key may ask for two things.
    chosen = [(_screen(command), key) for command, key in keys.items()]
    for screen, key in chosen:
        if chosen.count((screen, key)) > 1:
            raise Rejected(f"The key {key} is given to two commands.", field="keys")
    return dict(keys)


def _screen(command: str) -> str:
    """The screen that a command is of; empty for those that several screens share."""
    return command.rpartition(":")[0]
