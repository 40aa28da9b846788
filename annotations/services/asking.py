"""Asking for what a worker does: what is plainly wrong is told at once, the rest by the errand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import Dataset, Errand, Image, Role, Structure, User
from annotations.services.access import require_role
from annotations.services.empty import is_known
from annotations.services.errands import queue_errand
from annotations.services.grids import check_grid, refuse_while_reviewed
from annotations.services.images.receiving import Readable, clean_file_name, receive
from annotations.services.structures import refuse_foreign


def ask_for_grid(
    *, by: User, dataset: Dataset, patch_size: int, overlap: int, transfer: bool
) -> Errand:
    """Have the patch grid of a data set changed; see `annotations.services.grids.change_grid`."""
    return _ask_for_grid(by, dataset, Errand.Kind.GRID, patch_size, overlap, transfer)


def ask_for_grid_plan(
    *, by: User, dataset: Dataset, patch_size: int, overlap: int, transfer: bool
) -> Errand:
    """Have counted what `ask_for_grid` would do; nothing is changed.

    What cannot be done is refused here already: nobody is shown a change that is refused then.
    """
    return _ask_for_grid(by, dataset, Errand.Kind.GRID_PLAN, patch_size, overlap, transfer)


def _ask_for_grid(
    by: User, dataset: Dataset, kind: Errand.Kind, patch_size: int, overlap: int, transfer: bool
) -> Errand:
    require_role(user=by, project=dataset.project, role=Role.MANAGER)
    check_grid(patch_size=patch_size, overlap=overlap)
    if (patch_size, overlap) != (dataset.patch_size, dataset.overlap):
        refuse_while_reviewed(dataset)
    params = {"patch_size": patch_size, "overlap": overlap, "transfer": transfer}
    return queue_errand(by=by, dataset=dataset, kind=kind, params=params)


def ask_for_empties(*, by: User, dataset: Dataset, images: Sequence[Image] | None = None) -> Errand:
    """Have the empty patches of images found, by default of all that are ready.

    Who asks for what is being looked for already is given that errand.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    if images is None:
        keys = list(dataset.images.ready().order_by("pk").values_list("pk", flat=True))
    else:
        keys = [image.pk for image in images]
        if waiting := [image for image in images if image.state != Image.State.READY]:
            raise Rejected(f"{waiting[0].name} is not ready to be labelled yet.")
    if not keys:
        raise Rejected("There are no images yet. Upload some first.")
    kind, params = Errand.Kind.EMPTIES, {"images": keys}
    same = dataset.errands.active().filter(kind=kind, params=params).first()
    return same or queue_errand(by=by, dataset=dataset, kind=kind, params=params)


def ask_to_clear(
    *, by: User, dataset: Dataset, structure: Structure | None, passed_over: Sequence[int] = ()
) -> Errand:
    """Have the empty patches that were found answered with no about a structure, or left out.

    In all images but those passed over; see `annotations.services.clearing.clear_empties`.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    if structure is not None:
        refuse_foreign(structure, dataset)
    ready = dataset.images.ready().select_related("dataset").exclude(pk__in=passed_over)
    keys = [image.pk for image in ready.order_by("pk") if is_known(image)]
    if not keys:
        raise Rejected("There are no images whose empty patches were found. Find them first.")
    params = {
        "structure": structure.pk if structure else None,
        "images": keys,
        "at": timezone.now().isoformat(),
        "undo": False,
    }
    return queue_errand(by=by, dataset=dataset, kind=Errand.Kind.CLEARING, params=params)


def ask_to_take_back(*, by: User, errand: Errand) -> Errand:
    """Have undone what `ask_to_clear` asked for, as far as it came."""
    require_role(user=by, project=errand.dataset.project, role=Role.ANNOTATOR)
    if errand.created_by_id != by.pk:
        raise PermissionDenied("Answers are taken back by whoever gave them.")
    if errand.kind != Errand.Kind.CLEARING or errand.params["undo"]:
        raise Rejected("Only answers about empty patches can be taken back this way.")
    if errand.is_active:
        raise Rejected("This is still under way. Cancel it first.", conflict=True)
    params = errand.params | {"undo": True}
    kind = Errand.Kind.CLEARING
    return queue_errand(by=by, dataset=errand.dataset, kind=kind, params=params)


def ask_for_table(
    *, by: User, dataset: Dataset, name: str, content: Readable, annotators: bool, dry_run: bool
) -> Errand:
    """Have a table of answers taken in; see `annotations.services.existing.tables.take_table`."""
    least = Role.MANAGER if annotators else Role.ANNOTATOR
    require_role(user=by, project=dataset.project, role=least)
    params = {"annotators": annotators, "dry_run": dry_run}
    return _with_file(by, dataset, Errand.Kind.TABLE, params, name, content)


def ask_for_mask(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure,
    name: str,
    content: Readable,
    answers: bool,
    reference: bool,
    dry_run: bool,
) -> Errand:
    """Have a mask or outlines taken in; see `annotations.services.existing.masks.take_mask`."""
    least = Role.MANAGER if reference else Role.ANNOTATOR
    require_role(user=by, project=dataset.project, role=least)
    refuse_foreign(structure, dataset)
    params = {
        "structure": structure.pk,
        "answers": answers,
        "reference": reference,
        "dry_run": dry_run,
    }
    return _with_file(by, dataset, Errand.Kind.MASK, params, name, content)


def _with_file(
    by: User,
    dataset: Dataset,
    kind: Errand.Kind,
    params: dict[str, Any],
    name: str,
    content: Readable,
) -> Errand:
    name = clean_file_name(name)
    # Under the folder of files on their way in, by a name that the errand takes over.
    path = receive(content, name=name).path
    try:
        key = UUID(path.name)
        return queue_errand(by=by, dataset=dataset, kind=kind, params=params, name=name, key=key)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
