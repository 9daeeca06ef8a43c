"""What every Python client here has in common: what it sends, and how it tells the judge."""

import base64
import json
import math
import os
from pathlib import Path

BASE_URL = os.environ["COMPAT_URL"] + "/v1"
KEY = os.environ["COMPAT_KEY"]
# Allows one request at a time.
NARROW_KEY = os.environ["COMPAT_NARROW_KEY"]
FOLDER = Path(os.environ["COMPAT_FOLDER"])
ONLY = os.environ.get("COMPAT_ONLY", "")

CHAT_MODEL = "qwen2.5-coder-0.5b-instruct"
QUESTION_FILE = Path(__file__).parents[3] / "examples" / "question.wav"
QUESTION = QUESTION_FILE.read_bytes()
CAPITAL = "What is the capital of France?"
SENTENCE = "The train leaves at half past seven."
NOTE = b"The meeting is on Thursday at nine, in the green room.\n"
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
TEXTS = ["A dog runs in the park.", "A puppy plays on the grass.", "The bank raised its interest rates."]

SPOKEN_QUESTION = {
    "type": "input_audio",
    "input_audio": {"data": base64.b64encode(QUESTION).decode(), "format": "wav"},
}
SEVERAL_PARTS = [
    {"type": "text", "text": "On which day is the meeting? The note says it."},
    {
        "type": "file",
        "file": {"filename": "note.txt", "file_data": "data:text/plain;base64," + base64.b64encode(NOTE).decode()},
    },
    {"type": "image_url", "image_url": {"url": "data:image/png;base64," + PICTURE}},
    SPOKEN_QUESTION,
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather in a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
]
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "population": {"type": "integer"}},
    "required": ["city", "population"],
    "additionalProperties": False,
}


def user(content):
    return {"role": "user", "content": content}


def tell(**result):
    print(json.dumps(result), flush=True)


def check(name):
    """Runs the function below it at once as one check; what it returns goes to the judge."""

    def run(work):
        if not name.startswith(ONLY):
            return
        try:
            evidence = work() or {}
        except Exception as error:
            line = error.__traceback__.tb_next.tb_lineno if error.__traceback__.tb_next else 0
            tell(check=name, outcome="failed", reason=f"{type(error).__name__}: {error} (line {line})"[:600])
        else:
            tell(check=name, outcome="passed", **evidence)

    return run


def cannot(reason, *names):
    """Says that this client has no way to do these checks."""
    for name in names:
        if name.startswith(ONLY):
            tell(check=name, outcome="not-run", reason=reason)


def sound(name, data, form, said):
    """Keeps a sound for the judge, who decodes it and hears it again: it must say `said`."""
    file = FOLDER / f"{name}.{form}"
    file.write_bytes(data)
    return {"file": str(file), "format": form, "said": said}


def refused(kind, work):
    """The error that `work` is refused with; it must be of this kind."""
    try:
        work()
    except kind as error:
        return error
    raise AssertionError("it was not refused")


def cosine(a, b):
    dot = lambda x, y: sum(one * other for one, other in zip(x, y))
    return dot(a, b) / math.sqrt(dot(a, a) * dot(b, b))
