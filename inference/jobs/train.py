"""Training a model."""

import shutil
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Max

from annotations.errors import Rejected
from annotations.jobs.claiming import hold
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset, Structure
from inference.jobs.channels import check_channels, trained_channels
from inference.jobs.scoring import score_images
from inference.jobs.separation_before import separation_before
from inference.jobs.training_data import load_training_data
from inference.micranet.config import EpochReport, TrainConfig
from inference.micranet.errors import Stopped
from inference.micranet.model import Model
from inference.micranet.model_io import load_model, save_model
from inference.micranet.train import train
from inference.models import ModelStructure, ModelVersion, Run
from inference.models.separated import separation_fields

# Reading patches and saving the model take little next to the epochs.
READING_SHARE = 0.05


def train_model(run: Run, reporter: Reporter) -> None:
    """Train on everybody's agreed answers, keep the best model and score all patches with it.

    Goes on from where it was stopped.
    """
    version = ModelVersion.objects.filter(run=run).first()
    if version is None:
        version, model = _train(run, reporter)
    else:
        model = load_model(version.folder)
    try:
        score_images(version, model, reporter)
    except Stopped:
        # The model is there: who cancels now only waits no longer for the scores.
        if not reporter.cancelled:
            raise


def _train(run: Run, reporter: Reporter) -> tuple[ModelVersion, Model]:
    structures, start = _structures(run), _start(run)
    data = load_training_data(
        dataset=run.dataset,
        structures=structures,
        downscale=run.params["downscale"] or _downscale(run.dataset, start),
        on_image=lambda n, of: reporter.note(READING_SHARE * n / of, "Reading patches"),
        # Whoever asks for the paper's method has the answers alone.
        guess=run.params["method"] == "refined",
    )
    channels = trained_channels(run.dataset)
    _check_start(run, channels)
    curve = _Curve(run, reporter, structures)
    model = train(
        data,
        _config(run),
        start=start,
        on_epoch=curve.add,
        should_stop=reporter.should_stop,
        checkpoint=run.folder / "checkpoint",
    )
    version = _keep(run, model, structures, channels)
    shutil.rmtree(run.folder / "checkpoint", ignore_errors=True)
    return version, model


def _config(run: Run) -> TrainConfig:
    params = run.params
    return TrainConfig(
        method=params["method"],
        epochs=params["epochs"],
        members=params.get("members", 1),
        augment=params.get("turned", True),
    )


def _start(run: Run) -> Model | None:
    """The earlier model to fine-tune, with the names that its structures have by now."""
    if run.params.get("start") is None:
        return None
    version = run.dataset.model_versions.filter(pk=run.params["start"]).first()
    if version is None:
        raise Rejected("The model to start from has been deleted. Train again without it.")
    model = load_model(version.folder)
    outputs = version.outputs.select_related("structure")
    names = tuple(output.structure.name for output in outputs)
    return replace(model, spec=replace(model.spec, structures=names))


def _check_start(run: Run, channels: list[str]) -> None:
    """An earlier model is not fine-tuned on other channels than its own."""
    version = run.dataset.model_versions.filter(pk=run.params.get("start")).first()
    if version is not None:
        check_channels(version, channels)


def _downscale(dataset: Dataset, start: Model | None) -> int:
    """What an earlier model has learnt to see holds for its own resolution."""
    return working_downscale(dataset.patch_size) if start is None else start.spec.downscale


def working_downscale(patch_size: int) -> int:
    """How much an image is shrunk (1, 2 or 4) so that a patch spans 32 to 64 px for the network.

    What tells a structure from its surroundings fits into that, and half the resolution costs a
    quarter of the time; docs/science.md has the figures.
    """
    return 1 if patch_size < 64 else 2 if patch_size < 256 else 4


class _Curve:
    """Sends each epoch to the page; a resumed training keeps the points it had."""

    def __init__(self, run: Run, reporter: Reporter, structures: list[Structure]) -> None:
        self._reporter = reporter
        self._ids = [str(structure.pk) for structure in structures]
        self._points: list[dict[str, Any]] = list(run.history)

    def add(self, report: EpochReport) -> None:
        point = self._point(report)
        if point in self._points:
            return  # a resumed training tells again what it has
        earlier = [point for point in self._points if point["epoch"] < report.epoch]
        self._points = [*earlier, point]
        self._reporter.write(history=self._points)
        share = READING_SHARE + (1 - READING_SHARE) * report.epoch / report.epochs
        message = f"{report.stage}: epoch {report.epoch} of at most {report.epochs}"
        if report.members > 1:
            message = f"model {report.member} of {report.members}, {message}"
        self._reporter.note(share, message)

    def _point(self, report: EpochReport) -> dict[str, Any]:
        scores = zip(self._ids, report.validation_f1, strict=True)
        return {
            "member": report.member,
            "stage": report.stage,
            "epoch": report.epoch,
            "train_loss": report.train_loss,
            "validation_loss": report.validation_loss,
            "kept": report.kept,
            "f1": {pk: None if score != score else score for pk, score in scores},
        }


def _structures(run: Run) -> list[Structure]:
    found = Structure.objects.in_bulk(run.params["structures"])
    return [found[pk] for pk in run.params["structures"] if pk in found]


def _keep(run: Run, model: Model, structures: list[Structure], channels: list[str]) -> ModelVersion:
    """Write the weights, then the rows, in that order: a row never points at nothing."""
    version = ModelVersion(dataset=run.dataset, run=run, channels=channels)
    try:
        save_model(model, version.folder)
        _keep_rows(run, version, model, structures)
    except BaseException:
        shutil.rmtree(version.folder, ignore_errors=True)
        raise
    return version


def _keep_rows(run: Run, version: ModelVersion, model: Model, structures: list[Structure]) -> None:
    with transaction.atomic():
        hold(run)
        # The lock makes numbers follow each other.
        Dataset.objects.select_for_update().get(pk=run.dataset_id)
        version.number = _next_number(run.dataset)
        version.name = run.params["name"] or f"Model {version.number}"
        version.scores = dict(model.spec.summary)
        version.save(force_insert=True)
        for position, structure in enumerate(structures):
            ModelStructure.objects.create(
                model=version,
                structure=structure,
                position=position,
                threshold=model.spec.thresholds[position],
                decision=model.spec.decisions[position],
                **separation_fields(separation_before(structure, run.dataset)),
            )


def _next_number(dataset: Dataset) -> int:
    last: int | None = dataset.model_versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
