"""The area of the smallest object is chosen; results that are there were counted without."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0010_answers_about_empty_patches'),
        ('inference', '0007_kinds_of_runs_are_things'),
    ]

    operations = [
        migrations.AddField(
            model_name='modelstructure',
            name='separation_smallest',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='segmentation',
            name='separation_smallest',
            field=models.FloatField(null=True),
        ),
        migrations.AddConstraint(
            model_name='modelstructure',
            constraint=models.CheckConstraint(condition=models.Q(('separation_smallest__isnull', True), ('separation_smallest__gt', 0), _connector='OR'), name='modelstructure_smallest_object_has_an_area'),
        ),
        migrations.AddConstraint(
            model_name='segmentation',
            constraint=models.CheckConstraint(condition=models.Q(('separation_smallest__isnull', True), ('separation_smallest__gt', 0), _connector='OR'), name='segmentation_smallest_object_has_an_area'),
        ),
    ]
