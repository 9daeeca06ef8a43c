"""llama.cpp's own HTTP server, as the package xllamacpp carries it, until the process is ended.

usage: llama_cpp_server.py PORT KEY CONTEXT_TOKENS MODEL [MMPROJ]
"""

import sys
import threading

import xllamacpp

port, key, context_tokens, model, *mmproj = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = model
if mmproj:
    params.mmproj.path = mmproj[0]
    params.mmproj_use_gpu = False
params.hostnames = ["127.0.0.1"]
params.port = int(port)
params.api_keys = [key]
params.n_ctx = int(context_tokens)
params.n_parallel = 1
params.n_gpu_layers = 0
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.verbosity = 0
server = xllamacpp.Server(params)
threading.Event().wait()
