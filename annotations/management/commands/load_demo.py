"""`manage.py load_demo`: the demo projects, for the first account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.demo.load import load_demo
from annotations.services.first_account import first_account


class Command(BaseCommand):
    help = "Load the demo projects with their images and first labels."

    def handle(self, *args: Any, **options: Any) -> None:
        account = first_account()
        if account is None:
            raise CommandError("People have accounts here already; the demo is for a new site.")
        for project in load_demo(by=account[0]):
            self.stdout.write(f"Loaded the demo project “{project.name}”.")
