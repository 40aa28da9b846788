"""People of a project."""

from annotations.models import Dataset, Role, User
from tests.factories import make_member


def member(dataset: Dataset, role: Role) -> User:
    return make_member(project=dataset.project, role=role).user
