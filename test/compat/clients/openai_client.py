"""The official Python client, as its users use it."""

import base64
import json
import math
import struct
import threading
import time

import openai
from openai import OpenAI

from report import *

client = OpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0, timeout=120)
narrow = OpenAI(base_url=BASE_URL, api_key=NARROW_KEY, max_retries=0, timeout=120)


def ask(content, **more):
    wanted = {"model": CHAT_MODEL, "temperature": 0, "max_tokens": 40, **more}
    return client.chat.completions.create(messages=[user(content)], **wanted)


def words(answer):
    return answer.choices[0].message.content


def deltas(chunks):
    return [chunk.choices[0].delta for chunk in chunks if chunk.choices]


def joined(chunks):
    return "".join(delta.content or "" for delta in deltas(chunks))


def left_out(answer, option):
    losses = answer.sensorium["ledger"]["losses"]
    return any(loss["kind"] == "option-ignored" and loss["text"].startswith(option) for loss in losses)


@check("chat.text")
def _():
    answer = ask(CAPITAL)
    assert "Paris" in words(answer)
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 5


@check("chat.history")
def _():
    messages = [
        {"role": "system", "content": "You are a friendly assistant. You answer in one short sentence."},
        user("My name is Ada."),
        {"role": "assistant", "content": "Nice to meet you, Ada."},
        user("What is my name?"),
    ]
    answer = client.chat.completions.create(model=CHAT_MODEL, messages=messages, temperature=0, max_tokens=30)
    assert "Ada" in words(answer)


@check("chat.developer")
def _():
    messages = [{"role": "developer", "content": "The secret word is pineapple."}, user("What is the secret word?")]
    answer = client.chat.completions.create(model=CHAT_MODEL, messages=messages, temperature=0, max_tokens=30)
    assert "pineapple" in words(answer).lower()


@check("chat.stream")
def _():
    whole = ask(CAPITAL)
    chunks = list(ask(CAPITAL, stream=True, stream_options={"include_usage": True}))
    assert len(chunks) > 3
    assert joined(chunks) == words(whole)
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


@check("chat.sensorium")
def _():
    ours = {"route": "text", "language": "en", "loss": "report"}
    answer = ask([SPOKEN_QUESTION], extra_body={"sensorium": ours})
    assert answer.sensorium["plan"][0]["route"] == "text"
    assert "capital of France" in answer.sensorium["perceptions"][0]["text"]
    assert answer.sensorium["timings"]["totalMs"] > 0
    assert len(answer.sensorium["ledger"]["inputs"]) == 1


@check("chat.stream-sensorium")
def _():
    plain = list(ask([SPOKEN_QUESTION], stream=True))
    assert plain[-1].sensorium["plan"][0]["route"] == "text"
    chunks = list(ask([SPOKEN_QUESTION], stream=True, extra_body={"sensorium": {"stream_events": True}}))
    ours = [(chunk.model_extra or {}).get("sensorium") or {} for chunk in chunks]
    kinds = [one["event"]["kind"] for one in ours if "event" in one]
    assert "plan-made" in kinds and "part-perceived" in kinds
    assert "Paris" in joined(chunks)


@check("chat.audio-in")
def _():
    assert "Paris" in words(ask([SPOKEN_QUESTION]))


@check("chat.several-parts")
def _():
    answer = ask(SEVERAL_PARTS)
    ledger = answer.sensorium["ledger"]
    assert len(ledger["inputs"]) == 3 and all(one["fate"] for one in ledger["inputs"])
    assert any(loss["kind"] == "not-described" for loss in ledger["losses"])
    assert "Thursday" in words(answer)


@check("chat.loss-forbidden")
def _():
    parts = [{"type": "text", "text": "What is this?"}, *SEVERAL_PARTS[2:]]
    error = refused(
        openai.UnprocessableEntityError, lambda: ask(parts, extra_body={"sensorium": {"loss": "forbid"}})
    )
    assert len(error.body["sensorium"]["parts"]) == 2


def spoken(form):
    def work():
        answer = ask([SPOKEN_QUESTION], modalities=["text", "audio"], audio={"voice": "alloy", "format": form})
        message = answer.choices[0].message
        assert message.content is None
        assert "Paris" in message.audio.transcript
        assert message.audio.expires_at > answer.created
        data = base64.b64decode(message.audio.data)
        return {"sounds": [sound(f"chat-{form}", data, form, message.audio.transcript)]}

    return work


check("chat.spoken-wav")(spoken("wav"))
check("chat.spoken-mp3")(spoken("mp3"))


@check("chat.spoken-stream")
def _():
    chunks = list(
        ask(
            "What is the capital of France? Then say which river flows there.",
            modalities=["text", "audio"],
            audio={"voice": "alloy", "format": "pcm16"},
            stream=True,
        )
    )
    parts = [delta.audio for delta in deltas(chunks) if delta.audio]
    transcript = "".join(part.transcript or "" for part in parts)
    data = b"".join(base64.b64decode(part.data or "") for part in parts)
    assert "Paris" in transcript
    assert len({part.id for part in parts}) == 1
    assert any(part.expires_at for part in parts)
    return {"sounds": [sound("chat-stream", data, "pcm", transcript)]}


@check("chat.spoken-again")
def _():
    first = ask(CAPITAL, modalities=["text", "audio"], audio={"voice": "alloy", "format": "mp3"})
    messages = [
        user(CAPITAL),
        {"role": "assistant", "audio": {"id": first.choices[0].message.audio.id}},
        user("Repeat your last answer."),
    ]
    again = client.chat.completions.create(model=CHAT_MODEL, messages=messages, temperature=0, max_tokens=30)
    assert "Paris" in words(again)


@check("chat.json-schema")
def _():
    schema = {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY_SCHEMA, "strict": True}}
    question = "Name the capital of France and roughly how many people live there."
    value = json.loads(words(ask(question, response_format=schema, max_tokens=80)))
    assert isinstance(value["city"], str) and isinstance(value["population"], int)


@check("chat.stop")
def _():
    counting = "Count from one to ten in words, with commas."
    free = words(ask(counting))
    last = free.replace(".", "").split()[-1]
    answer = ask(counting, stop=[last])
    assert last not in words(answer) and free.startswith(words(answer))
    assert answer.choices[0].finish_reason == "stop"


@check("chat.seed")
def _():
    wild = {"temperature": 1.5, "seed": 7, "max_tokens": 24}
    first, second = (words(ask("Invent a name for a ship and say why.", **wild)) for _ in range(2))
    assert first == second


@check("chat.max-tokens")
def _():
    question = [user("Tell me a long story about a fox.")]
    answer = client.chat.completions.create(model=CHAT_MODEL, messages=question, max_completion_tokens=8)
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens <= 8


@check("chat.tools")
def _():
    answer = ask("What is the weather in Paris? Use the tool.", tools=TOOLS, max_tokens=80)
    calls = answer.choices[0].message.tool_calls
    if calls:
        json.loads(calls[0].function.arguments)
    else:
        assert left_out(answer, "tools"), "neither a call nor a word in the ledger"


@check("chat.logprobs")
def _():
    answer = ask(CAPITAL, logprobs=True, top_logprobs=2)
    logprobs = answer.choices[0].logprobs
    if logprobs:
        assert "".join(one.token for one in logprobs.content) == words(answer)
    else:
        assert left_out(answer, "logprobs"), "neither numbers nor a word in the ledger"


def mirror(content, **more):
    return ask(content, **{"model": "house:mirror", **more})


@check("chat.through")
def _():
    options = {
        "temperature": 0.25,
        "top_p": 0.5,
        "seed": 11,
        "stop": ["END"],
        "frequency_penalty": 0.5,
        "presence_penalty": -0.5,
        "user": "someone",
        "metadata": {"order": "66"},
        "logit_bias": {"50256": -100},
        "response_format": {"type": "json_object"},
        "reasoning_effort": "low",
    }
    answer = mirror("Hello there", **options, max_tokens=33, extra_body={"sensorium": {"loss": "report"}})
    sent = json.loads(words(answer))
    assert {**sent, **options} == sent
    assert 33 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    assert sent["model"] == "mirror"
    assert answer.sensorium["ledger"]["losses"] == []


@check("chat.through-tools")
def _():
    whole = mirror("Weather?", tools=TOOLS, tool_choice="auto")
    call = whole.choices[0].message.tool_calls[0]
    assert call.function.name == "weather" and json.loads(call.function.arguments) == {"city": "Paris"}
    assert whole.choices[0].finish_reason == "tool_calls"
    parts = [part for delta in deltas(mirror("Weather?", tools=TOOLS, stream=True)) for part in delta.tool_calls or []]
    assert "".join(part.function.arguments or "" for part in parts) == call.function.arguments
    assert parts[0].id == call.id
    messages = [
        user("Weather?"),
        {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]},
        {"role": "tool", "tool_call_id": call.id, "content": "Rain."},
    ]
    last = client.chat.completions.create(model="house:mirror", messages=messages, tools=TOOLS)
    assert json.loads(words(last))["messages"][-1] == messages[-1]


@check("chat.through-logprobs")
def _():
    whole = mirror("Hi", logprobs=True, top_logprobs=1)
    assert whole.choices[0].logprobs.content[0].logprob == -0.5
    chunks = list(mirror("Hi", logprobs=True, stream=True))
    measured = [chunk.choices[0].logprobs for chunk in chunks if chunk.choices and chunk.choices[0].logprobs]
    assert "".join(one.token for logprobs in measured for one in logprobs.content) == joined(chunks)


@check("chat.through-media")
def _():
    answer = mirror([{"type": "text", "text": "Listen."}, SPOKEN_QUESTION], model="house:ears")
    sent = json.loads(words(answer))["messages"][-1]["content"]
    audio = next(part["input_audio"] for part in sent if part["type"] == "input_audio")
    data = SPOKEN_QUESTION["input_audio"]["data"]
    assert audio == {"data": f"{data[:16]}… {len(data)}", "format": "wav"}
    assert answer.sensorium["plan"][0]["route"] == "native"


SHORT = {"model": CHAT_MODEL, "messages": [user("Say hello.")], "max_tokens": 5}


def long():
    question = [user("Write a very long story about a fox.")]
    return narrow.chat.completions.create(model=CHAT_MODEL, messages=question, max_tokens=500, stream=True)


@check("chat.abort")
def _():
    stream = long()
    next(iter(stream))
    stream.close()
    # Only when the place of the first is free again is there one for the second.
    assert words(narrow.with_options(max_retries=4).chat.completions.create(**SHORT))


def hear(**more):
    return client.audio.transcriptions.create(
        file=(QUESTION_FILE.name, QUESTION), **{"model": "moonshine-tiny", **more}
    )


@check("hear.json")
def _():
    assert hear().text == CAPITAL
    assert hear(model="whisper-1", response_format="json").text == CAPITAL


@check("hear.text")
def _():
    assert hear(response_format="text") == CAPITAL + "\n"


@check("hear.verbose")
def _():
    answer = hear(response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert answer.text == CAPITAL
    assert 1 < float(answer.duration) < 3
    assert len(answer.words) == 6
    starts = [word.start for word in answer.words]
    assert starts == sorted(starts)
    assert "".join(segment.text for segment in answer.segments).strip() == CAPITAL


@check("hear.srt")
def _():
    assert CAPITAL in hear(response_format="srt") and "-->" in hear(response_format="srt")


@check("hear.vtt")
def _():
    assert hear(response_format="vtt").startswith("WEBVTT\n\n")


@check("hear.logprobs")
def _():
    answer = hear(include=["logprobs"])
    assert "".join(one.token for one in answer.logprobs).strip() == answer.text
    assert len({one.logprob for one in answer.logprobs}) > 3, "numbers that are all alike were not measured"


@check("hear.stream")
def _():
    events = list(hear(stream=True))
    assert events[-1].type == "transcript.text.done" and events[-1].text == CAPITAL
    assert "".join(event.delta for event in events if event.type == "transcript.text.delta") == CAPITAL


@check("hear.prompt")
def _():
    assert "France" in hear(prompt="Capital, France", language="en").text


def translate(**more):
    return client.audio.translations.create(file=(QUESTION_FILE.name, QUESTION), model="moonshine-tiny", **more)


@check("translate.json")
def _():
    assert translate().text == CAPITAL


@check("translate.text")
def _():
    assert translate(response_format="text") == CAPITAL + "\n"


def say(**more):
    wanted = {"model": "kokoro-82m", "voice": "alloy", "input": SENTENCE, **more}
    return client.audio.speech.create(**wanted)


def speaks(form):
    return lambda: {"sounds": [sound(f"speak-{form}", say(response_format=form).content, form, SENTENCE)]}


for form in ("wav", "mp3", "opus", "flac", "pcm"):
    check(f"speak.{form}")(speaks(form))


@check("speak.speed")
def _():
    quick = say(response_format="pcm", speed=1.6).content
    assert len(quick) < len(say(response_format="pcm").content) * 0.85
    return {"sounds": [sound("speak-quick", quick, "pcm", SENTENCE)]}


@check("speak.stream")
def _():
    said = SENTENCE + " It stops in every town. We shall be there at noon."
    wanted = {"model": "kokoro-82m", "voice": "alloy", "input": said, "response_format": "pcm"}
    with client.audio.speech.with_streaming_response.create(**wanted) as response:
        parts = list(response.iter_bytes())
    assert len(parts) > 1
    return {"sounds": [sound("speak-stream", b"".join(parts), "pcm", said)]}


@check("speak.sse")
def _():
    text = say(response_format="pcm", stream_format="sse").text
    events = [json.loads(line[6:]) for line in text.split("\n\n") if line]
    assert events[-1]["type"] == "speech.audio.done"
    data = b"".join(base64.b64decode(event.get("audio", "")) for event in events)
    return {"sounds": [sound("speak-sse", data, "pcm", SENTENCE)]}


@check("voices.list")
def _():
    voices = client.get("/audio/voices", cast_to=object)["voices"]
    assert len(voices) > 20
    assert all(voice["id"] and voice["name"] and voice["language"] for voice in voices)
    data = say(voice=voices[-1]["id"], response_format="mp3").content
    return {"sounds": [sound("voices-last", data, "mp3", SENTENCE)]}


def embed(**more):
    answer = client.embeddings.create(**{"model": "all-minilm-l6-v2", "input": TEXTS, **more})
    return [one.embedding for one in answer.data]


@check("embed.float")
def _():
    dog, puppy, bank = embed(encoding_format="float")
    assert len(dog) == 384
    assert cosine(dog, puppy) > cosine(dog, bank) + 0.2


@check("embed.base64")
def _():
    single = lambda vector: [struct.unpack("f", struct.pack("f", value))[0] for value in vector]
    numbers = embed(encoding_format="float")
    # Left to itself this client asks for base64 and decodes it.
    assert [single(one) for one in embed()] == [single(one) for one in numbers]


@check("embed.dimensions")
def _():
    short = embed(encoding_format="float", dimensions=64)[0]
    assert len(short) == 64 and abs(math.hypot(*short) - 1) < 1e-3


@check("models.list")
def _():
    models = list(client.models.list())
    assert any(model.id == CHAT_MODEL for model in models)
    for model in models:
        for side in ("input", "output"):
            assert all(known in (True, False, "unknown") for known in model.sensorium[side].values()), model.id


@check("models.retrieve")
def _():
    model = client.models.retrieve(CHAT_MODEL)
    assert model.id == CHAT_MODEL and model.sensorium["input"]["text"] is True
    refused(openai.NotFoundError, lambda: client.models.retrieve("no-such-model"))


@check("errors.not-found")
def _():
    for work in (lambda **model: ask(CAPITAL, **model), hear, embed, say):
        error = refused(openai.NotFoundError, lambda: work(model="no-such-model"))
        assert error.code == "model_not_found"


@check("errors.bad-request")
def _():
    error = refused(openai.BadRequestError, lambda: ask(CAPITAL, temperature=9))
    assert error.param == "temperature"
    refused(openai.BadRequestError, lambda: say(input=""))
    refused(openai.BadRequestError, lambda: embed(dimensions=100_000))


@check("errors.key")
def _():
    stranger = OpenAI(base_url=BASE_URL, api_key="sk-nobody", max_retries=0)
    error = refused(openai.AuthenticationError, lambda: stranger.models.list())
    assert error.code == "invalid_api_key"


@check("errors.rate")
def _():
    stream = long()
    next(iter(stream))
    error = refused(openai.RateLimitError, lambda: narrow.chat.completions.create(**SHORT))
    stream.close()
    assert int(error.response.headers["retry-after"]) >= 1


@check("errors.retry")
def _():
    patient = narrow.with_options(max_retries=4)
    patient.chat.completions.create(**SHORT)
    stream = long()
    next(iter(stream))
    closing = threading.Thread(target=lambda: (time.sleep(0.3), stream.close()))
    closing.start()
    answer = patient.chat.completions.create(**{**SHORT, "messages": [user("Say hello again.")]})
    closing.join()
    assert words(answer)
    return {"retried": True}
