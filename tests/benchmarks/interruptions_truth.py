"""What the server holds against what a person saw."""

from tests.benchmarks.interruptions_person import Diary


def truth(diary: Diary) -> dict[str, float]:
    """Counts of what is there, and of what is not as it was seen."""
    from annotations.models import Label, LabelChange

    changes = list(LabelChange.objects.values_list("event", "image", "row", "column"))
    events = {str(event) for event, *_ in changes}
    labels = Label.objects.values_list("image", "row", "column", "value")
    kept = {(image, row, column): value for image, row, column, value in labels}
    seen = diary.painted
    return {
        "painted": len(seen),
        "queued": len(diary.queued),
        "acknowledged": len(diary.acknowledged),
        "in_database": len(changes),
        "lost_acknowledged": len(diary.acknowledged - events),
        "lost_queued": len(diary.queued - events),
        "lost_painted": len(seen.keys() - kept.keys()),
        "duplicated": len(changes) - len({tuple(cell) for _, *cell in changes}),
        "other_value": sum(kept.get(cell, value) != value for cell, value in seen.items()),
    }
