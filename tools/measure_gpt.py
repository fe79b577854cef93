"""Measure how fast a small GPT trains on the GPU of this machine, and what power it draws.

    python tools/measure_gpt.py OUT_DIR [SECONDS] [SERIES]

A decoder-only transformer of the GPT-2 kind (learnt positions, tied embedding, GELU, no dropout)
is trained on random tokens with AdamW, as written here: `torch.compile`, PyTorch's own attention,
activations kept (no recomputation), 32-bit weights and optimiser states, matrix products in the
precision of the case. Random tokens cost what text costs, without a loader: what is measured is
the device's steady rate and its first minutes, not a whole run with its evaluations and restarts.

The series `whole` compiles the model in one piece; `contrasts` compiles a block, which all blocks share,
and the loss: that starts in seconds, so that many cases that differ in a single thing (the context, the
batch, the precision) fit into the minutes of a loan. Compare within a series.

Every case writes one row to OUT_DIR/cases.csv (steady rate and mean power of its second half) and
its steps to OUT_DIR/steps.csv, one row a second. Power is the board's, as NVML meters it. It needs
PyTorch and pynvml, and nothing of this project, so that it can be carried to a lent machine alone.
"""

from __future__ import annotations

import csv
import itertools
import math
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch._dynamo
from torch import Tensor, nn
from torch.nn import functional

VOCABULARY = 50_304


@dataclass(frozen=True)
class Case:
    """A model, a batch and a precision, and its share of the time given."""

    name: str
    layers: int
    width: int
    heads: int
    context: int
    sequences: int
    precision: str
    share: float


WHOLE = (
    Case("gpt-1.3b", 24, 2048, 16, 2048, 8, "bf16", 0.44),
    Case("gpt-124m", 12, 768, 12, 1024, 32, "bf16", 0.14),
    Case("gpt-1.3b", 24, 2048, 16, 2048, 8, "tf32", 0.12),
    Case("gpt-1.3b", 24, 2048, 16, 8192, 2, "bf16", 0.12),
    Case("gpt-1.3b", 24, 2048, 16, 2048, 1, "bf16", 0.09),
    Case("gpt-350m", 24, 1024, 16, 2048, 16, "bf16", 0.09),
)
CONTRASTS = tuple(
    Case(name, layers, width, heads, context, sequences, precision, 1 / 20)
    for name, layers, width, heads, context, sequences, precision in (
        ("gpt-1.3b", 24, 2048, 16, 2048, 8, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 8192, 2, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 2048, 8, "tf32"),
        ("gpt-1.3b", 24, 2048, 16, 1024, 16, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 4096, 4, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 16384, 1, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 8192, 2, "tf32"),
        ("gpt-1.3b", 24, 2048, 16, 2048, 4, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 2048, 2, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 2048, 1, "bf16"),
        ("gpt-1.3b", 24, 2048, 16, 2048, 4, "tf32"),
        ("gpt-1.3b", 24, 2048, 16, 2048, 4, "fp32"),
        ("gpt-2.7b", 32, 2560, 20, 2048, 4, "bf16"),
        ("gpt-2.7b", 32, 2560, 20, 2048, 2, "tf32"),
        ("gpt-350m", 24, 1024, 8, 2048, 16, "bf16"),
        ("gpt-350m", 24, 1024, 8, 8192, 4, "bf16"),
        ("gpt-350m", 24, 1024, 8, 2048, 16, "tf32"),
        ("gpt-124m", 12, 768, 12, 1024, 32, "bf16"),
        ("gpt-124m", 12, 768, 12, 8192, 4, "bf16"),
        ("gpt-124m", 12, 768, 12, 1024, 32, "tf32"),
    )
)
SERIES = {"whole": WHOLE, "contrasts": CONTRASTS}


class Block(nn.Module):
    """Attention and feed-forward of one layer, each after its own norm."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.first_norm = nn.LayerNorm(width)
        self.attention_in = nn.Linear(width, 3 * width)
        self.attention_out = nn.Linear(width, width)
        self.second_norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(self, hidden: Tensor) -> Tensor:
        batch, length, width = hidden.shape
        mixed = self.attention_in(self.first_norm(hidden))
        query, key, value = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in mixed.split(width, dim=2)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        hidden = hidden + self.attention_out(seen.transpose(1, 2).reshape(batch, length, width))
        widened = functional.gelu(self.widen(self.second_norm(hidden)), approximate="tanh")
        return hidden + self.narrow(widened)


class Gpt(nn.Module):
    """Next-token loss of a batch of tokens of shape (sequences, context + 1)."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, case.width)
        self.positions = nn.Embedding(case.context, case.width)
        self.blocks = nn.ModuleList(Block(case.width, case.heads) for _ in range(case.layers))
        self.norm = nn.LayerNorm(case.width)
        self.block: Callable[[Block, Tensor], Tensor] = Block.forward
        self.loss: Callable[[Tensor, Tensor, Tensor], Tensor] = loss
        for weight in self.parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02)

    def forward(self, text: Tensor) -> Tensor:
        seen, asked = text[:, :-1], text[:, 1:]
        hidden = self.tokens(seen) + self.positions.weight[: seen.shape[1]]
        for block in self.blocks:
            hidden = self.block(block, hidden)
        return self.loss(self.norm(hidden), self.tokens.weight, asked)


def loss(hidden: Tensor, embedding: Tensor, asked: Tensor) -> Tensor:
    logits = functional.linear(hidden, embedding)
    return functional.cross_entropy(logits.flatten(0, 1), asked.flatten())


class Meter:
    """The board's power (W), temperature (°C) and clock (MHz) twice a second, in a thread."""

    def __init__(self) -> None:
        self.samples: list[tuple[float, float, float, float]] = []
        self.joules_at: list[tuple[float, float]] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            import pynvml

            pynvml.nvmlInit()
            board = pynvml.nvmlDeviceGetHandleByIndex(0)
        except Exception as problem:  # a machine without NVML: rates are still worth having
            print("no power:", problem, flush=True)
            return
        while not self._stopped.wait(0.5):
            now = time.perf_counter()
            self.samples.append(
                (
                    now,
                    pynvml.nvmlDeviceGetPowerUsage(board) / 1000,
                    float(pynvml.nvmlDeviceGetTemperature(board, 0)),
                    float(pynvml.nvmlDeviceGetClockInfo(board, pynvml.NVML_CLOCK_SM)),
                )
            )
            self.joules_at.append((now, pynvml.nvmlDeviceGetTotalEnergyConsumption(board) / 1000))

    def watts(self, since: float, until: float) -> float:
        """Mean power by the board's energy counter, which leaves no gap; NaN without samples."""
        within = [(at, joules) for at, joules in self.joules_at if since <= at <= until]
        if len(within) < 2:
            return math.nan
        return (within[-1][1] - within[0][1]) / (within[-1][0] - within[0][0])

    def mean(self, column: int, since: float, until: float) -> float:
        values = [sample[column] for sample in self.samples if since <= sample[0] <= until]
        return sum(values) / len(values) if values else math.nan

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()


def compiled_of(model: Gpt, series: str, device: str) -> nn.Module:
    if device != "cuda":
        return model
    if series == "whole":
        return torch.compile(model)
    model.block = torch.compile(Block.forward, dynamic=False)
    model.loss = torch.compile(loss, dynamic=False)
    return model


def measured(case: Case, seconds: float, meter: Meter, device: str, series: str) -> tuple[dict, list[dict]]:
    """The case's row, and a row a second of its run; times count from before the model is made."""
    began = time.perf_counter()
    torch.manual_seed(0)
    torch.set_float32_matmul_precision("high" if case.precision == "tf32" else "highest")
    model = Gpt(case).to(device)
    parameters = sum(weight.numel() for weight in model.parameters())
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1, fused=device == "cuda")
    compiled = compiled_of(model, series, device)
    batches = [torch.randint(VOCABULARY, (case.sequences, case.context + 1), device=device) for _ in range(8)]

    def step(number: int) -> Tensor:
        with torch.autocast(device, dtype=torch.bfloat16, enabled=case.precision == "bf16"):
            lost = compiled(batches[number % len(batches)])
        lost.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        return lost.detach()

    def wait() -> None:
        if device == "cuda":
            torch.cuda.synchronize()

    lost = step(0)
    wait()
    first = time.perf_counter()
    tokens_a_step = case.sequences * case.context
    ends, number = [(first, 1)], 1
    while time.perf_counter() - first < seconds:
        until = time.perf_counter() + 1.0
        while time.perf_counter() < until:
            lost = step(number)
            number += 1
            if number % 4 == 0 or tokens_a_step > 8000:
                wait()
        wait()
        ends.append((time.perf_counter(), number))
    middle = next(end for end in ends if end[0] - first >= seconds / 2)
    last = ends[-1]
    rate = (last[1] - middle[1]) * tokens_a_step / (last[0] - middle[0])
    attention = 6 * case.layers * case.width * case.context  # causal: half of 12 L d s
    row = {
        "model": case.name, "layers": case.layers, "width": case.width, "heads": case.heads,
        "parameters": parameters, "context": case.context, "sequences": case.sequences,
        "precision": case.precision, "tokens_a_step": tokens_a_step, "steps": number,
        "seconds_to_first_step": round(first - began, 2),
        "seconds_measured": round(last[0] - middle[0], 2),
        "tokens_per_second": round(rate, 1),
        "tflops_6n": round(rate * 6 * parameters / 1e12, 2),
        "tflops_6n_attention": round(rate * (6 * parameters + attention) / 1e12, 2),
        "board_watts": round(meter.watts(middle[0], last[0]), 1),
        "celsius": round(meter.mean(2, middle[0], last[0]), 1),
        "clock_mhz": round(meter.mean(3, middle[0], last[0]), 1),
        "memory_gb": round(torch.cuda.max_memory_allocated() / 1e9, 2) if device == "cuda" else "",
        "loss": round(lost.item(), 4),
    }  # fmt: skip
    course = [
        {
            "model": case.name, "context": case.context, "sequences": case.sequences,
            "precision": case.precision, "second": round(end[0] - began, 2),
            "tokens_per_second": round(
                (end[1] - start[1]) * tokens_a_step / (end[0] - start[0]), 1
            ),
            "board_watts": round(meter.mean(1, start[0], end[0]), 1),
        }
        for start, end in itertools.pairwise(ends)
    ]  # fmt: skip
    return row, course


def written(path: Path, rows: list[dict]) -> None:
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    out, seconds = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 200.0
    series = sys.argv[3] if len(sys.argv) > 3 else "whole"
    device = "cuda" if torch.cuda.is_available() else "cpu"
    print(torch.__version__, torch.cuda.get_device_name() if device == "cuda" else device)
    meter = Meter()
    time.sleep(3)
    print("idle watts", meter.mean(1, 0, math.inf), flush=True)
    rows: list[dict] = []
    courses: list[dict] = []
    for case in SERIES[series]:
        try:
            row, course = measured(case, seconds * case.share, meter, device, series)
        except torch.OutOfMemoryError as problem:
            print(case, "out of memory:", problem, flush=True)
            continue
        finally:
            torch._dynamo.reset()
            if device == "cuda":
                torch.cuda.empty_cache()
                torch.cuda.reset_peak_memory_stats()
        print(row, flush=True)
        print("graphs compiled so far:", dict(torch._dynamo.utils.counters["stats"]), flush=True)
        rows.append(row)
        courses.extend(course)
        written(out / "cases.csv", rows)
        written(out / "steps.csv", courses)
    meter.stop()


if __name__ == "__main__":
    main()
