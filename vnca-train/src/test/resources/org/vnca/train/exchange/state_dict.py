"""Loads a state_dict strictly into modules named as in the paper's A.5 and runs them.

Arguments: the safetensors file; a JSON file with latent, hidden, blocks, filters, doublings, steps, image (rows of one
image) and z (one latent vector). Prints the encoder's output and the last map's first channel as JSON, and saves the
state_dict once more, with its own library, beside the file as again.safetensors.
"""
import json
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.delegate = nn.Sequential(nn.Conv2d(width, width, 1), nn.ELU(), nn.Conv2d(width, width, 1))

    def forward(self, x):
        return x + self.delegate(x)


class Nca(nn.Module):
    def __init__(self, latent, hidden, blocks):
        super().__init__()
        self.update_net = nn.Sequential(
            nn.Conv2d(latent, hidden, 3, padding=1), *[Residual(hidden) for _ in range(blocks)],
            nn.Conv2d(hidden, latent, 1))

    def forward(self, state, steps):
        for _ in range(steps):
            state = state + self.update_net(state)
        return state


class Vnca(nn.Module):
    def __init__(self, a):
        super().__init__()
        layers, width = [nn.Conv2d(1, a["filters"], 5, padding=2), nn.ELU()], a["filters"]
        for _ in range(4):
            layers += [nn.Conv2d(width, 2 * width, 5, padding=2, stride=2), nn.ELU()]
            width *= 2
        side = 2 << a["doublings"]
        layers += [nn.Flatten(), nn.Linear(width * (side // 16) ** 2, 2 * a["latent"])]
        self.encoder = nn.Sequential(*layers)
        self.nca = nn.DataParallel(Nca(a["latent"], a["hidden"], a["blocks"]))


arguments = json.load(open(sys.argv[2]))
model = Vnca(arguments)
model.load_state_dict(load_file(sys.argv[1]), strict=True)
with torch.no_grad():
    code = model.encoder(torch.tensor(arguments["image"], dtype=torch.float32)[None, None])
    state = torch.tensor(arguments["z"], dtype=torch.float32)[None, :, None, None].expand(-1, -1, 2, 2)
    state = model.nca.module(state, arguments["steps"])
    for _ in range(arguments["doublings"]):
        state = nn.functional.interpolate(state, scale_factor=2, mode="nearest")
        state = model.nca.module(state, arguments["steps"])
save_file(model.state_dict(), sys.argv[1].replace("ours", "again"))
print(json.dumps({"code": code[0].tolist(), "logits": state[0, 0].flatten().tolist()}))
