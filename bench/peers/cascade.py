"""The Python cascade that people write today: faster-whisper, then llama.cpp, then Kokoro on onnxruntime.

Reads one JSON object a line on stdin ({"id", "command", ...}) and answers each with one on stdout ({"id", "result"} or
{"id", "error"}). All times are seconds of time.perf_counter() around the library's own call. Ends when stdin does.
"""

import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any

CONTEXT_TOKENS = 4096
SPEECH_RATE_HZ = 24_000

Result = dict[str, Any]
loaded: dict[str, Any] = {}


def load_hear(threads: int, whisper: str) -> None:
    """whisper: a folder with CTranslate2's model.bin. int8 weights, as on most CPUs in use."""
    from faster_whisper import WhisperModel

    loaded["hear"] = WhisperModel(whisper, device="cpu", compute_type="int8", cpu_threads=threads)


def load_ask(threads: int, gguf: str, engine: str) -> None:
    """gguf: a model file. engine: the installed binding of llama.cpp, `xllamacpp` or `llama-cpp-python`."""
    if engine == "llama-cpp-python":
        from llama_cpp import Llama

        model = Llama(gguf, n_ctx=CONTEXT_TOKENS, n_threads=threads, n_threads_batch=threads, verbose=False)
        loaded["ask"] = lambda request: model.create_chat_completion(**request)
        return

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.verbosity = 0
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)
    loaded["ask"] = lambda request: stream_chunks(server, request)


def stream_chunks(server: Any, request: Result) -> Iterator[Result]:
    """The server engine calls back from another thread; this hands its chunks over as they come."""
    chunks: SimpleQueue[Result | None] = SimpleQueue()

    def answer() -> None:
        try:
            server.handle_chat_completions(request, chunks.put)
        finally:
            chunks.put(None)

    worker = Thread(target=answer, daemon=True)
    worker.start()
    while (chunk := chunks.get()) is not None:
        yield chunk
    worker.join()


def load_speak(threads: int, kokoro: str, voice: str) -> None:
    """kokoro: the ONNX file as published; voice: its float32 style table [510, 1, 256], a row for each length."""
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(kokoro, options, providers=["CPUExecutionProvider"])
    loaded["speak"] = session, numpy.fromfile(voice, numpy.float32).reshape(-1, 1, 256)


LOADERS: dict[str, Callable[..., None]] = {"hear": load_hear, "ask": load_ask, "speak": load_speak}


def load(part: str, **arguments: Any) -> Result:
    """Loads one model. The seconds include importing its library, which a fresh process has to do too."""
    started = perf_counter()
    LOADERS[part](**arguments)
    return {"seconds": perf_counter() - started}


def hear(file: str, language: str | None, beam: int) -> Result:
    """Transcribes. Decoding the file is timed apart from hearing it."""
    from faster_whisper import decode_audio

    started = perf_counter()
    sound = decode_audio(file)
    decoded = perf_counter()
    segments, _ = loaded["hear"].transcribe(sound, beam_size=beam, language=language)
    text = " ".join(segment.text.strip() for segment in segments)
    return {"decodeSeconds": decoded - started, "seconds": perf_counter() - decoded, "text": text}


def ask(messages: list[dict[str, str]], max_tokens: int) -> Result:
    """Streams an answer at temperature 0. Each chunk with text is one token, but for a few split characters."""
    started = perf_counter()
    times: list[float] = []
    text = ""
    request = {"messages": messages, "max_tokens": max_tokens, "temperature": 0, "stream": True}
    for chunk in loaded["ask"](request):
        if "choices" not in chunk:
            raise RuntimeError(json.dumps(chunk))
        piece = chunk["choices"][0]["delta"].get("content") if chunk["choices"] else None
        if piece:
            times.append(perf_counter() - started)
            text += piece
    if not times:
        raise RuntimeError("the model answered nothing")
    return {"seconds": perf_counter() - started, "firstTokenSeconds": times[0], "tokens": len(times), "text": text}


def speak(sentences: list[list[int]]) -> Result:
    """Synthesises sentences given as token ids without padding. Times end with the end of each sentence."""
    import numpy

    session, styles = loaded["speak"]
    started = perf_counter()
    ends: list[float] = []
    samples = 0
    for ids in sentences:
        feeds = {
            "tokens": numpy.array([[0, *ids, 0]], numpy.int64),
            "style": styles[len(ids) - 1],
            "speed": numpy.ones(1, numpy.float32),
        }
        samples += session.run(None, feeds)[0].size
        ends.append(perf_counter() - started)
    return {"seconds": ends[-1], "firstSentenceSeconds": ends[0], "audioSeconds": samples / SPEECH_RATE_HZ}


def facts() -> Result:
    """What is installed here: the versions that decide the speed."""
    names = ("faster-whisper", "ctranslate2", "onnxruntime", "numpy", "xllamacpp", "llama-cpp-python")
    installed = {each.metadata["Name"].lower(): each.version for each in distributions()}
    return {"python": platform.python_version(), **{name: installed[name] for name in names if name in installed}}


COMMANDS: dict[str, Callable[..., Result]] = {"load": load, "hear": hear, "ask": ask, "speak": speak, "facts": facts}


def main() -> None:
    # Ctrl-C reaches the whole process group; the benchmark that started this decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Native libraries print to file descriptor 1 as they like; the answers get a descriptor of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        answer: Result = {"id": request.pop("id")}
        try:
            answer["result"] = COMMANDS[request.pop("command")](**request)
        except Exception as error:  # noqa: BLE001 - every failure is told to the other side, which then stops
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
