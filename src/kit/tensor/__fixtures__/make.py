# How the files beside this one were made: python3 make.py (PyTorch 2.15.0, 2026-11-26).
import io
import torch

t = torch.tensor([[0.5, -1.5, 2.0], [3.0, 0.1, 7.25]])
one = torch.ones(1)
made = {
    'float32': t,
    'bfloat16': t.bfloat16(),
    'float16': t.half(),
    'float64': t.double(),
    'batch-of-one': t[None],
    'with-gradient': t.clone().requires_grad_(),
    'many-rows': torch.arange(600).reshape(300, 2).float() / 64,
    # From here on: what must be refused.
    'batch-of-two': torch.stack([t, t]),
    'view': t[:1],
    'strided': t.t(),
    'integers': t.long(),
    'quantised': torch.quantize_per_tensor(t, 0.1, 0, torch.qint8),
    'dictionary': {'a': t},
    'not-finite': torch.tensor([[0.0, 1.0], [float('nan'), float('inf')]]),
    # 1,957 bytes that become 4 TiB when made dense.
    'sparse': torch.sparse_coo_tensor(torch.zeros(2, 1, dtype=torch.long), one, (2**20, 2**20)),
    'expanded': one.expand(2**20, 2**20),
    'parameter': torch.nn.Parameter(t),
}
for name, value in made.items():
    file = io.BytesIO()
    torch.save(value, file)
    open(f'{name}.pt', 'wb').write(file.getvalue())
torch.save(t, 'named.pt')
torch.save(t, 'protocol-4.pt', pickle_protocol=4)
torch.save(t, 'legacy.pt', _use_new_zipfile_serialization=False)

from safetensors.torch import save_file  # safetensors 0.8 or later

save_file({'x': t.bfloat16()}, 'bfloat16.safetensors')
