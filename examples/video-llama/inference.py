"""How each Video-LLaMA is asked. `infer(messages, options)` gives the answer and why it ended (`None`: nobody said).

A message is `{"role", "parts"}`, a part `("text", words)` or `("image" | "video" | "audio", path)`.
"""
import os


class Refused(Exception):
    """What the caller did wrong."""


def self_test(_):
    """Says what lies in the files it was given."""
    def infer(messages, _options):
        parts = [part for message in messages for part in message["parts"]]
        return " ".join(value if kind == "text" else f"[{kind} {os.path.splitext(value)[1]} {os.path.getsize(value)} bytes]"
                        for kind, value in parts), "stop"
    return infer


def sampling(options):
    warmth = options["temperature"]
    return {"do_sample": warmth > 0, "max_new_tokens": options["max_tokens"], **({"temperature": warmth} if warmth > 0 else {})}


def video_llama_2(model_name):
    """videollama2's own call: one medium and a question."""
    from videollama2 import mm_infer, model_init
    model, processor, tokenizer = model_init(model_name)
    hears = model_name.upper().endswith("-AV")

    def infer(messages, options):
        media = [part for message in messages for part in message["parts"] if part[0] != "text"]
        kind, path = media[0] if media else ("text", None)
        if len(media) > 1 or (kind == "audio" and not hears):
            raise Refused("VideoLLaMA2 answers about one picture or video (the AV model also about one recording)")
        words = "\n".join(value for message in messages for name, value in message["parts"] if name == "text")
        how = {"va": True} if hears and kind == "video" else {}
        read = processor[kind](path, **how) if media else None
        return mm_infer(read, words, model=model, tokenizer=tokenizer, modal=kind, **sampling(options)), None
    return infer


def video_llama_3(model_name):
    """VideoLLaMA3's processor, which takes a whole conversation."""
    import torch
    from transformers import AutoModelForCausalLM, AutoProcessor
    remote = {"trust_remote_code": True}
    model = AutoModelForCausalLM.from_pretrained(model_name, device_map="auto", torch_dtype=torch.bfloat16, **remote)
    processor = AutoProcessor.from_pretrained(model_name, **remote)
    as_part = {"text": lambda text: {"type": "text", "text": text},
               "image": lambda path: {"type": "image", "image": {"image_path": path}},
               "video": lambda path: {"type": "video", "video": {"video_path": path, "fps": 1, "max_frames": 128}}}

    def infer(messages, options):
        if any(kind == "audio" for message in messages for kind, _ in message["parts"]):
            raise Refused("VideoLLaMA3 does not hear")
        conversation = [{"role": m["role"], "content": [as_part[kind](value) for kind, value in m["parts"]]} for m in messages]
        inputs = processor(conversation=conversation, add_system_prompt=True, add_generation_prompt=True, return_tensors="pt")
        inputs = {name: value.to(model.device) if hasattr(value, "to") else value for name, value in inputs.items()}
        if "pixel_values" in inputs:
            inputs["pixel_values"] = inputs["pixel_values"].to(torch.bfloat16)
        ids = model.generate(**inputs, **sampling(options))
        reason = "length" if ids.shape[-1] >= options["max_tokens"] else "stop"
        return processor.batch_decode(ids, skip_special_tokens=True)[0].strip(), reason
    return infer
