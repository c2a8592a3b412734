import json

from tests.attempts import core_verdicts

print(json.dumps(core_verdicts()))
