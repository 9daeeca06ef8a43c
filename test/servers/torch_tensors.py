"""Reads every file of a folder as vLLM does, and says what is in it; a JSON line for each."""
import json
import pathlib
import sys

import torch

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.pt")):
    try:
        tensor = torch.load(path, weights_only=True, map_location=torch.device("cpu")).detach()
        said = {
            "dtype": str(tensor.dtype),
            "shape": list(tensor.shape),
            # Exact: every float32 is a double, and JSON keeps doubles.
            "values": tensor.double().flatten().tolist(),
            "rounded": tensor.bfloat16().double().flatten().tolist(),
        }
    except Exception as error:  # noqa: BLE001
        said = {"error": str(error).splitlines()[0][:200]}
    print(json.dumps({"name": path.stem, **said}))
