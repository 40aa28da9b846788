"""Every address of the HTTP interface with an object in it, and who may do what there."""

from tests.inference.api.routes.of_a_team import TEAM_CASES
from tests.inference.api.routes.of_errands import ERRAND_CASES
from tests.inference.api.routes.of_images import IMAGE_CASES
from tests.inference.api.routes.of_labelling import LABELLING_CASES
from tests.inference.api.routes.of_models import MODEL_CASES
from tests.inference.api.routes.of_projects import PROJECT_CASES

CASES = (
    *PROJECT_CASES,
    *IMAGE_CASES,
    *LABELLING_CASES,
    *TEAM_CASES,
    *ERRAND_CASES,
    *MODEL_CASES,
)
# No object in the address: what they answer is about the person who asks.
# Of the person who sends the file and of nobody else, whatever their role:
# tests/annotations/api/uploads tries them.
OWN = {("api-upload", "patch"), ("api-upload", "delete"), ("api-upload-retry", "post")}
WITHOUT_OBJECT = {"api-token", "api-me", "api-own-work", "api-preferences", "api-projects"}
