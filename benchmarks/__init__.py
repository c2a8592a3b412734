"""What is measured: time, memory, the judge, the site."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def save(path: Path, data: Any) -> None:
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
