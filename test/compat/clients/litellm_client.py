"""litellm as a client: one function for every vendor, pointed at our server as a server of OpenAI's kind."""

import base64
import json
import struct
import threading
import time

import litellm
import openai

from report import *

litellm.suppress_debug_info = True
litellm.drop_params = False
litellm.telemetry = False

HERE = {"api_base": BASE_URL, "api_key": KEY, "timeout": 120}


def ask(content, **more):
    wanted = {"model": f"openai/{CHAT_MODEL}", "temperature": 0, "max_tokens": 40, "max_retries": 0, **HERE, **more}
    return litellm.completion(messages=[user(content)] if not isinstance(content, Said) else content.messages, **wanted)


class Said:
    """A conversation as it is, where a question alone will not do."""

    def __init__(self, *messages):
        self.messages = list(messages)


def words(answer):
    return answer.choices[0].message.content


def deltas(chunks):
    return [chunk.choices[0].delta for chunk in chunks if chunk.choices]


def joined(chunks):
    return "".join(delta.content or "" for delta in deltas(chunks))


def ours(answer):
    return answer.model_extra["sensorium"]


def left_out(answer, option):
    losses = ours(answer)["ledger"]["losses"]
    return any(loss["kind"] == "option-ignored" and loss["text"].startswith(option) for loss in losses)


@check("chat.text")
def _():
    answer = ask(CAPITAL)
    assert "Paris" in words(answer)
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 5


@check("chat.history")
def _():
    conversation = Said(
        {"role": "system", "content": "You are a friendly assistant. You answer in one short sentence."},
        user("My name is Ada."),
        {"role": "assistant", "content": "Nice to meet you, Ada."},
        user("What is my name?"),
    )
    assert "Ada" in words(ask(conversation))


@check("chat.developer")
def _():
    conversation = Said(
        {"role": "developer", "content": "The secret word is pineapple."}, user("What is the secret word?")
    )
    assert "pineapple" in words(ask(conversation)).lower()


@check("chat.stream")
def _():
    whole = ask(CAPITAL)
    chunks = list(ask(CAPITAL, stream=True, stream_options={"include_usage": True}))
    assert len(chunks) > 3
    assert joined(chunks) == words(whole)
    assert [reason for chunk in chunks for choice in chunk.choices if (reason := choice.finish_reason)] == ["stop"]
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


@check("chat.sensorium")
def _():
    answer = ask([SPOKEN_QUESTION], extra_body={"sensorium": {"route": "text", "language": "en", "loss": "report"}})
    assert ours(answer)["plan"][0]["route"] == "text"
    assert "capital of France" in ours(answer)["perceptions"][0]["text"]
    assert len(ours(answer)["ledger"]["inputs"]) == 1


@check("chat.audio-in")
def _():
    assert "Paris" in words(ask([SPOKEN_QUESTION]))


@check("chat.several-parts")
def _():
    answer = ask(SEVERAL_PARTS)
    ledger = ours(answer)["ledger"]
    assert len(ledger["inputs"]) == 3 and all(one["fate"] for one in ledger["inputs"])
    assert any(loss["kind"] == "not-described" for loss in ledger["losses"])
    assert "Thursday" in words(answer)


@check("chat.loss-forbidden")
def _():
    parts = [{"type": "text", "text": "What is this?"}, *SEVERAL_PARTS[2:]]
    error = refused(openai.BadRequestError, lambda: ask(parts, extra_body={"sensorium": {"loss": "forbid"}}))
    assert "No loss is allowed" in str(error)


def spoken(form):
    def work():
        answer = ask([SPOKEN_QUESTION], modalities=["text", "audio"], audio={"voice": "alloy", "format": form})
        audio = answer.choices[0].message.audio
        assert "Paris" in audio.transcript
        return {"sounds": [sound(f"chat-{form}", base64.b64decode(audio.data), form, audio.transcript)]}

    return work


check("chat.spoken-wav")(spoken("wav"))
check("chat.spoken-mp3")(spoken("mp3"))


@check("chat.spoken-stream")
def _():
    chunks = ask(
        "What is the capital of France? Then say which river flows there.",
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": "pcm16"},
        stream=True,
    )
    parts = [delta.audio for delta in deltas(chunks) if getattr(delta, "audio", None)]
    transcript = "".join(part.get("transcript") or "" for part in parts)
    data = b"".join(base64.b64decode(part.get("data") or "") for part in parts)
    assert "Paris" in transcript
    return {"sounds": [sound("chat-stream", data, "pcm", transcript)]}


@check("chat.spoken-again")
def _():
    first = ask(CAPITAL, modalities=["text", "audio"], audio={"voice": "alloy", "format": "mp3"})
    again = {"role": "assistant", "audio": {"id": first.choices[0].message.audio.id}}
    assert "Paris" in words(ask(Said(user(CAPITAL), again, user("Repeat your last answer."))))


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


@check("chat.seed")
def _():
    wild = {"temperature": 1.5, "seed": 7, "max_tokens": 24}
    first, second = (words(ask("Invent a name for a ship and say why.", **wild)) for _ in range(2))
    assert first == second


@check("chat.max-tokens")
def _():
    answer = ask("Tell me a long story about a fox.", max_tokens=None, max_completion_tokens=8)
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
    logprobs = getattr(answer.choices[0], "logprobs", None)
    if logprobs:
        assert "".join(one.token for one in logprobs.content) == words(answer)
    else:
        assert left_out(answer, "logprobs"), "neither numbers nor a word in the ledger"


def mirror(content, **more):
    return ask(content, **{"model": "openai/house:mirror", **more})


@check("chat.through")
def _():
    options = {
        "temperature": 0.25,
        "top_p": 0.5,
        "seed": 11,
        "stop": ["END"],
        "frequency_penalty": 0.5,
        "presence_penalty": -0.5,
        "logit_bias": {"50256": -100},
        "response_format": {"type": "json_object"},
    }
    sent = json.loads(words(mirror("Hello there", **options, max_tokens=33)))
    assert {**sent, **options} == sent
    assert 33 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    assert sent["model"] == "mirror"


@check("chat.through-tools")
def _():
    whole = mirror("Weather?", tools=TOOLS, tool_choice="auto")
    call = whole.choices[0].message.tool_calls[0]
    assert call.function.name == "weather" and json.loads(call.function.arguments) == {"city": "Paris"}
    assert whole.choices[0].finish_reason == "tool_calls"
    parts = [part for delta in deltas(mirror("Weather?", tools=TOOLS, stream=True)) for part in delta.tool_calls or []]
    assert "".join(part.function.arguments or "" for part in parts) == call.function.arguments
    result = {"role": "tool", "tool_call_id": call.id, "content": "Rain."}
    asked = {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]}
    last = ask(Said(user("Weather?"), asked, result), model="openai/house:mirror", tools=TOOLS)
    assert json.loads(words(last))["messages"][-1] == result


@check("chat.through-logprobs")
def _():
    whole = mirror("Hi", logprobs=True, top_logprobs=1)
    assert whole.choices[0].logprobs.content[0].logprob == -0.5


@check("chat.through-media")
def _():
    answer = mirror([{"type": "text", "text": "Listen."}, SPOKEN_QUESTION], model="openai/house:ears")
    sent = json.loads(words(answer))["messages"][-1]["content"]
    audio = next(part["input_audio"] for part in sent if part["type"] == "input_audio")
    data = SPOKEN_QUESTION["input_audio"]["data"]
    assert audio == {"data": f"{data[:16]}… {len(data)}", "format": "wav"}


def short(question="Say hello.", **more):
    return ask(question, max_tokens=5, api_key=NARROW_KEY, **more)


def long():
    return ask("Write a very long story about a fox.", max_tokens=500, api_key=NARROW_KEY, stream=True)


def leave(stream):
    stream.completion_stream.response.close()


@check("chat.abort")
def _():
    stream = long()
    next(iter(stream))
    leave(stream)
    # Only when the place of the first is free again is there one for the second.
    assert words(short(max_retries=4))


def hear(**more):
    wanted = {"model": "openai/moonshine-tiny", "max_retries": 0, **HERE, **more}
    return litellm.transcription(file=(QUESTION_FILE.name, QUESTION), **wanted)


@check("hear.json")
def _():
    assert hear().text == CAPITAL


@check("hear.text")
def _():
    assert CAPITAL in hear(response_format="text").text


@check("hear.verbose")
def _():
    answer = hear(response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert answer.text == CAPITAL
    assert 1 < float(answer["duration"]) < 3
    assert len(answer["words"]) == 6


@check("hear.srt")
def _():
    assert "-->" in hear(response_format="srt").text


@check("hear.vtt")
def _():
    assert hear(response_format="vtt").text.startswith("WEBVTT\n\n")


@check("hear.prompt")
def _():
    assert "France" in hear(prompt="Capital, France", language="en").text


def say(**more):
    wanted = {"model": "openai/kokoro-82m", "voice": "alloy", "input": SENTENCE, "max_retries": 0, **HERE, **more}
    return litellm.speech(**wanted)


def speaks(form):
    return lambda: {"sounds": [sound(f"speak-{form}", say(response_format=form).content, form, SENTENCE)]}


for form in ("wav", "mp3", "opus", "flac", "pcm"):
    check(f"speak.{form}")(speaks(form))


@check("speak.speed")
def _():
    quick = say(response_format="pcm", speed=1.6).content
    assert len(quick) < len(say(response_format="pcm").content) * 0.85
    return {"sounds": [sound("speak-quick", quick, "pcm", SENTENCE)]}


def embed(**more):
    wanted = {"model": "openai/all-minilm-l6-v2", "input": TEXTS, "max_retries": 0, **HERE, **more}
    return [one["embedding"] for one in litellm.embedding(**wanted).data]


@check("embed.float")
def _():
    dog, puppy, bank = embed(encoding_format="float")
    assert len(dog) == 384
    assert cosine(dog, puppy) > cosine(dog, bank) + 0.2


@check("embed.base64")
def _():
    numbers = embed(encoding_format="float")
    for text, vector in zip(embed(encoding_format="base64"), numbers):
        data = base64.b64decode(text) if isinstance(text, str) else struct.pack(f"<{len(text)}f", *text)
        assert data == struct.pack(f"<{len(vector)}f", *vector)


@check("embed.dimensions")
def _():
    short_vector = embed(encoding_format="float", dimensions=64, allowed_openai_params=["dimensions"])[0]
    assert len(short_vector) == 64


@check("models.list")
def _():
    models = litellm.get_valid_models(
        check_provider_endpoint=True, custom_llm_provider="openai", api_base=BASE_URL.removesuffix("/v1"), api_key=KEY
    )
    assert any(CHAT_MODEL in model for model in models), models


@check("errors.not-found")
def _():
    for work in (lambda **model: ask(CAPITAL, **model), hear, embed, say):
        error = refused(openai.NotFoundError, lambda: work(model="openai/no-such-model"))
        assert error.status_code == 404


@check("errors.bad-request")
def _():
    error = refused(openai.BadRequestError, lambda: ask(CAPITAL, temperature=9))
    assert "temperature" in str(error)
    refused(openai.BadRequestError, lambda: say(input=""))


@check("errors.key")
def _():
    refused(openai.AuthenticationError, lambda: ask(CAPITAL, api_key="sk-nobody"))


@check("errors.rate")
def _():
    stream = long()
    next(iter(stream))
    error = refused(openai.RateLimitError, short)
    leave(stream)
    assert int(error.litellm_response_headers["retry-after"]) >= 1


@check("errors.retry")
def _():
    short(max_retries=4)
    stream = long()
    next(iter(stream))
    closing = threading.Thread(target=lambda: (time.sleep(0.3), leave(stream)))
    closing.start()
    answer = short("Say hello again.", max_retries=4)
    closing.join()
    assert words(answer)
    return {"retried": True}


cannot("streamed fields it does not know are left out by the client", "chat.stream-sensorium")
cannot("the client has no such call", "hear.stream", "hear.logprobs", "translate.json", "translate.text")
cannot("the client has no such call", "speak.stream", "speak.sse", "voices.list", "models.retrieve")
