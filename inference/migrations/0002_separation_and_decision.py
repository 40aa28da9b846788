"""How touching objects are told apart, and from which score on a patch shows a structure."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0001_initial'),
        ('inference', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='run',
            name='run_kind_is_known',
        ),
        migrations.AddField(
            model_name='modelstructure',
            name='decision',
            field=models.FloatField(default=0.5),
        ),
        migrations.AddField(
            model_name='modelstructure',
            name='separation_method',
            field=models.CharField(choices=[('automatic', 'Automatic'), ('none', 'Off'), ('distance', 'Distance between middles'), ('h-maxima', 'Depth of necks')], default='automatic', max_length=10),
        ),
        migrations.AddField(
            model_name='modelstructure',
            name='separation_size',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='modelstructure',
            name='separation_unit',
            field=models.CharField(choices=[('px', 'px'), ('um', 'µm')], default='px', max_length=2),
        ),
        # Results that are there were counted as connected regions.
        migrations.AddField(
            model_name='segmentation',
            name='separation_method',
            field=models.CharField(choices=[('automatic', 'Automatic'), ('none', 'Off'), ('distance', 'Distance between middles'), ('h-maxima', 'Depth of necks')], default='none', max_length=10),
        ),
        migrations.AlterField(
            model_name='segmentation',
            name='separation_method',
            field=models.CharField(choices=[('automatic', 'Automatic'), ('none', 'Off'), ('distance', 'Distance between middles'), ('h-maxima', 'Depth of necks')], default='automatic', max_length=10),
        ),
        migrations.AddField(
            model_name='segmentation',
            name='separation_size',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='segmentation',
            name='separation_unit',
            field=models.CharField(choices=[('px', 'px'), ('um', 'µm')], default='px', max_length=2),
        ),
        migrations.AlterField(
            model_name='run',
            name='kind',
            field=models.CharField(choices=[('train', 'Train'), ('segment', 'Segment'), ('threshold', 'Apply threshold'), ('separate', 'Separate objects'), ('export', 'Export')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='modelstructure',
            constraint=models.CheckConstraint(condition=models.Q(('separation_method__in', ('automatic', 'none', 'distance', 'h-maxima'))), name='modelstructure_separation_is_known'),
        ),
        migrations.AddConstraint(
            model_name='modelstructure',
            constraint=models.CheckConstraint(condition=models.Q(('separation_unit__in', ('px', 'um'))), name='modelstructure_separation_unit_is_known'),
        ),
        migrations.AddConstraint(
            model_name='modelstructure',
            constraint=models.CheckConstraint(condition=models.Q(('separation_size__isnull', True), models.Q(('separation_method__in', ('distance', 'h-maxima')), ('separation_size__gt', 0)), _connector='OR'), name='modelstructure_separation_size_belongs'),
        ),
        migrations.AddConstraint(
            model_name='modelstructure',
            constraint=models.CheckConstraint(condition=models.Q(('decision__gte', 0), ('decision__lte', 1)), name='output_decision_is_a_probability'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('train', 'segment', 'threshold', 'separate', 'export'))), name='run_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='segmentation',
            constraint=models.CheckConstraint(condition=models.Q(('separation_method__in', ('automatic', 'none', 'distance', 'h-maxima'))), name='segmentation_separation_is_known'),
        ),
        migrations.AddConstraint(
            model_name='segmentation',
            constraint=models.CheckConstraint(condition=models.Q(('separation_unit__in', ('px', 'um'))), name='segmentation_separation_unit_is_known'),
        ),
        migrations.AddConstraint(
            model_name='segmentation',
            constraint=models.CheckConstraint(condition=models.Q(('separation_size__isnull', True), models.Q(('separation_method__in', ('distance', 'h-maxima')), ('separation_size__gt', 0)), _connector='OR'), name='segmentation_separation_size_belongs'),
        ),
    ]
