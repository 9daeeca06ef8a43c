#!/usr/bin/env python3
"""VideoLLaMA2 or VideoLLaMA3 as an OpenAI-compatible server. Standard library only; the model's own packages do the rest.

    python adapter.py --model DAMO-NLP-SG/VideoLLaMA3-7B        # or …/VideoLLaMA2.1-7B-16F, …/VideoLLaMA2.1-7B-AV
    python adapter.py --self-test                               # no model: answers with what it was given

Media come as data URLs and are written to files, which is what the models read; they are gone after the answer.
"""
import argparse, base64, hmac, json, os, tempfile, threading, time, traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from inference import Refused, self_test, video_llama_2, video_llama_3

MOST_BYTES = 1 << 29
ENDINGS = {"video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov",
           "video/x-matroska": "mkv", "video/matroska": "mkv",
           "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif",
           "audio/wav": "wav", "audio/mpeg": "mp3"}
ONE_AT_A_TIME = threading.Lock()


def write(url, kind, folder):
    mime, _, data = url.removeprefix("data:").partition(";base64,")
    if mime not in ENDINGS or not mime.startswith(kind):
        raise Refused(f"{mime} is not taken as {kind}")
    path = os.path.join(folder, f"{len(os.listdir(folder)) + 1}.{ENDINGS[mime]}")
    with open(path, "xb") as file:
        file.write(base64.b64decode(data, validate=True))
    return (kind, path)


def read_part(part, folder):
    kind = part["type"]
    if kind == "text":
        return ("text", part["text"])
    if kind == "input_audio":
        mime = {"wav": "audio/wav", "mp3": "audio/mpeg"}.get(part[kind]["format"], "unknown sound")
        return write(f"data:{mime};base64,{part[kind]['data']}", "audio", folder)
    if kind in ("image_url", "video_url"):
        return write(part[kind]["url"], kind[:5], folder)
    raise Refused(f"unknown part type: {kind}")


def read_message(message, folder):
    content = message["content"]
    parts = [("text", content)] if isinstance(content, str) else [read_part(part, folder) for part in content]
    return {"role": message["role"], "parts": parts}


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, body, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, message):
        kind = "invalid_request_error" if status < 500 else "server_error"
        self.answer(status, {"error": {"message": message, "type": kind, "param": None, "code": None}})

    def may_ask(self):
        key = self.server.key
        return not key or hmac.compare_digest(self.headers.get("authorization", "").encode(), f"Bearer {key}".encode())

    def do_GET(self):
        if self.path != "/v1/models":
            return self.refuse(404, "not found")
        self.answer(200, {"object": "list", "data": [{"id": self.server.model, "object": "model"}]})

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if not 0 < length <= MOST_BYTES:
            return self.refuse(413, "too large, or without a length")
        # Read before anything is refused: a connection closed on unread bytes breaks before its answer arrives.
        sent = self.rfile.read(length)
        if not self.may_ask():
            return self.refuse(401, "wrong key")
        if self.path != "/v1/chat/completions":
            return self.refuse(404, "not found")
        try:
            body = json.loads(sent)
            options = {"max_tokens": int(body.get("max_tokens") or 1024), "temperature": float(body.get("temperature") or 0)}
            with tempfile.TemporaryDirectory() as folder, ONE_AT_A_TIME:
                messages = [read_message(message, folder) for message in body["messages"]]
                text, reason = self.server.infer(messages, options)
        except (Refused, KeyError, TypeError, ValueError) as error:
            return self.refuse(400, f"{type(error).__name__}: {error}")
        except Exception:
            traceback.print_exc()
            return self.refuse(500, "the model failed; its log says why")
        about = {"id": f"chatcmpl-{time.time_ns()}", "created": int(time.time()), "model": self.server.model}
        said = {"role": "assistant", "content": text}
        if not body.get("stream"):
            whole = {**about, "object": "chat.completion", "choices": [{"index": 0, "message": said, "finish_reason": reason}]}
            return self.answer(200, whole)
        chunk = {**about, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": said, "finish_reason": reason}]}
        self.answer(200, f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--model", default="self-test")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=16667)
    options.add_argument("--self-test", action="store_true")
    given = options.parse_args()
    load = self_test if given.self_test else video_llama_2 if "videollama2" in given.model.lower() else video_llama_3
    server = ThreadingHTTPServer((given.host, given.port), Handler)
    server.model, server.key, server.infer = given.model, os.environ.get("VIDEO_LLAMA_API_KEY"), load(given.model)
    print(f"http://{given.host}:{server.server_port}/v1", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
