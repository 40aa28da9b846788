"""Segmentations keep the patch grid their scores were made on."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_the_data_sets(apps: Any, schema_editor: Any) -> None:
    """Until now a data set's grid could not change once it was used."""
    dataset = apps.get_model("annotations", "Dataset").objects.filter(
        images__pk=OuterRef("image_id")
    )
    apps.get_model("inference", "Segmentation").objects.update(
        patch_size=Subquery(dataset.values("patch_size")[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ("annotations", "0002_stacks_uploads_grids_and_references"),
        ("inference", "0002_separation_and_decision"),
    ]

    operations = [
        migrations.AddField(
            model_name="segmentation",
            name="patch_size",
            field=models.PositiveIntegerField(default=1, help_text="px"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="segmentation",
            name="overlap",
            field=models.PositiveIntegerField(default=0, help_text="px"),
            preserve_default=False,
        ),
        migrations.RunPython(take_the_data_sets, migrations.RunPython.noop),
    ]
