"""Hearth's encoder beside ONNX Runtime, OpenVINO and sentence-transformers: the same texts, the same core, in interleaved rounds.

    python encoder_peers.py --binary EncoderBenchmark --assets DIRECTORY --corpus FOLDER --work DIRECTORY

Needs the packages of scripts/encoder-peers-python. Each side is a process of its own, which answers one command at a time, and
all are bound to one core. Texts are pieces of the files in the corpus. Tokens are counted without padding, special ones
included. In the tables of equal lengths the peers are given tokens, while Hearth cuts its texts each time; in the mix all cut."""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy

ENDINGS = {".c", ".cc", ".cpp", ".go", ".h", ".java", ".js", ".md", ".py", ".rs", ".swift", ".ts"}
# Tokens that a text of the mix has at most, and how many of ten texts: lines are added while it has no more.
MIX = {32: 1, 64: 2, 128: 3, 240: 4}
BATCHES = (1, 2, 4, 8, 16, 32)


def tokenizer(assets):
    from tokenizers import Tokenizer
    found = Tokenizer.from_file(str(pathlib.Path(assets) / "minilm" / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def features():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("flags", "Features")):
            return set(line.split(":", 1)[1].split())
    return set()


def has_bf16():
    """Asked here, as engines that are asked for bf16 where there is none take fp32 without a word."""
    return bool(features() & {"avx512_bf16", "amx_bf16"})


# Peers

class Peer:
    """What a peer has to do: make vectors of a batch of ids and a mask."""

    def __init__(self, assets, work):
        self.assets, self.work = pathlib.Path(assets), pathlib.Path(work)
        self.tokenizer = tokenizer(assets)
        self.batch = 1
        self.open()

    def ids(self, texts):
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(texts)]

    def encode(self):
        """All vectors, in order: texts of about one length together, padded to the longest of their batch."""
        ids = self.known or self.ids(self.texts)
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        vectors = [None] * len(ids)
        for start in range(0, len(order), self.batch):
            places = order[start:start + self.batch]
            for place, vector in zip(places, self.vectors([ids[place] for place in places])):
                vectors[place] = vector
        return vectors

    def vectors(self, ids):
        tokens = numpy.zeros((len(ids), max(map(len, ids))), "i8")
        mask = numpy.zeros_like(tokens)
        for row, sequence in enumerate(ids):
            tokens[row, :len(sequence)] = sequence
            mask[row, :len(sequence)] = 1
        return self.infer(tokens, mask)

    def seconds(self):
        start = time.perf_counter()
        self.encode()
        return time.perf_counter() - start

    def tune(self):
        """Takes the size of a batch that is fastest, after a run that prepares the shapes."""
        times = {}
        for self.batch in (size for size in BATCHES if size <= len(self.texts)):
            self.seconds()
            times[self.batch] = min(self.seconds() for _ in range(2))
        self.batch = min(times, key=times.get)
        return self.batch

    def each(self, count):
        times = []
        for place in range(count):
            start = time.perf_counter()
            self.vectors([self.known[place % len(self.known)]])
            times.append(time.perf_counter() - start)
        return times

    def serve(self):
        for line in sys.stdin:
            command = json.loads(line)
            if "load" in command:
                self.texts = command["load"]
                ids = self.ids(self.texts)
                self.known = ids if command["tokens"] else None
                reply = {"tokens": [len(sequence) for sequence in ids]}
            elif "tune" in command:
                reply = {"batch": self.tune()}
            elif "run" in command:
                reply = {"seconds": [self.seconds() for _ in range(command["run"])]}
            elif "each" in command:
                reply = {"seconds": self.each(command["each"])}
            else:
                reply = {"vectors": [[float(number) for number in vector] for vector in self.encode()]}
            print(json.dumps(reply), flush=True)


class OnnxRuntime(Peer):
    graph = "plain"

    def open(self):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(self.work / f"{self.graph}.onnx"), options, providers=["CPUExecutionProvider"])

    def infer(self, ids, mask):
        return self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


class OnnxRuntimeFused(OnnxRuntime):
    graph = "fused"


class OnnxRuntimeInt8(OnnxRuntime):
    graph = "plain-int8"


class OnnxRuntimeFusedInt8(OnnxRuntime):
    graph = "fused-int8"


class OpenVINO(Peer):
    precision = "f32"

    def open(self):
        import openvino
        core = openvino.Core()
        self.request = core.compile_model(str(self.work / "plain.onnx"), "CPU", {
            "INFERENCE_PRECISION_HINT": self.precision, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1, "ENABLE_CPU_PINNING": False}).create_infer_request()

    def infer(self, ids, mask):
        return numpy.array(self.request.infer([ids, mask], share_inputs=True)[0])


class OpenVINOBF16(OpenVINO):
    precision = "bf16"


class SentenceTransformers(Peer):
    def open(self):
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer import modules
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        self.torch = torch
        words = modules.Transformer(str(self.assets / "minilm"), max_seq_length=256)
        pool = modules.Pooling(words.get_embedding_dimension(), pooling_mode="mean")
        self.model = SentenceTransformer(modules=[words, pool, modules.Normalize()], device="cpu").eval()

    def encode(self):
        if self.known:
            return super().encode()
        return self.model.encode(self.texts, batch_size=self.batch, show_progress_bar=False)

    def infer(self, ids, mask):
        with self.torch.inference_mode():
            return self.model({"input_ids": self.torch.from_numpy(ids), "attention_mask": self.torch.from_numpy(mask)})[
                "sentence_embedding"].float().numpy()


class SentenceTransformersBF16(SentenceTransformers):
    def open(self):
        super().open()
        self.model = self.model.to(self.torch.bfloat16)

    def encode(self):
        if self.known:
            return super().encode()
        vectors = self.model.encode(
            self.texts, batch_size=self.batch, show_progress_bar=False, convert_to_tensor=True)
        return vectors.float().numpy()


PEERS = {
    "ONNX Runtime fp32": OnnxRuntime,
    "ONNX Runtime fp32, fused": OnnxRuntimeFused,
    "ONNX Runtime int8": OnnxRuntimeInt8,
    "ONNX Runtime int8, fused": OnnxRuntimeFusedInt8,
    "OpenVINO fp32": OpenVINO,
    "OpenVINO bf16": OpenVINOBF16,
    "sentence-transformers fp32": SentenceTransformers,
    "sentence-transformers bf16": SentenceTransformersBF16,
}


# Texts

class Texts:
    def __init__(self, assets, corpus, seed=1):
        self.tokenizer = tokenizer(assets)
        self.chance = random.Random(seed)
        self.files = sorted(
            path for path in pathlib.Path(corpus).rglob("*")
            if path.suffix in ENDINGS and path.is_file() and 500 < path.stat().st_size < 400_000)
        if not self.files:
            raise SystemExit(f"{corpus} has no source files. Name another folder with --corpus.")

    def lines(self):
        """The lines of a file from somewhere in it to its end."""
        lines = self.chance.choice(self.files).read_text(errors="replace").split("\n")
        return lines[self.chance.randrange(len(lines)):]

    def count(self, text):
        return len(self.tokenizer.encode(text).ids)

    def exact(self, length, number):
        """Texts of just so many tokens, special ones included, cut off behind a token."""
        found = []
        for _ in range(100 * number):
            text = "\n".join(self.lines()[:80])
            spans = self.tokenizer.encode(text, add_special_tokens=False).offsets
            if len(spans) >= length - 2:
                piece = text[:spans[length - 3][1]]
                if self.count(piece) == length:
                    found.append(piece)
                    if len(found) == number:
                        return found
        raise SystemExit(f"The corpus has too few texts of {length} tokens. Name a larger one with --corpus.")

    def mixed(self, number):
        found = []
        while len(found) < number:
            most = self.chance.choices(list(MIX), list(MIX.values()))[0]
            text = ""
            for line in self.lines():
                if self.count(text + line) > most:
                    break
                text += line + "\n"
            if text.strip():
                found.append(text)
        return found


# The comparison

class Process:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **command):
        try:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def end(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait(timeout=60)


class Comparison:
    def __init__(self, options):
        self.options = options
        self.work = pathlib.Path(options.work)
        self.work.mkdir(parents=True, exist_ok=True)
        if not (self.work / "made").exists():
            import encoder_graph
            # Without VNNI, sums of two products of 8 bits overflow 16 bits: weights of 7 bits then.
            vnni = bool(features() & {"avx512_vnni", "avx_vnni"})
            encoder_graph.write(pathlib.Path(options.assets) / "minilm" / "model.safetensors", self.work, not vnni)
            (self.work / "made").touch()
        self.sides = self.processes()

    def processes(self):
        os.environ["HEARTH_ASSETS"] = self.options.assets
        precisions = subprocess.run(
            [self.options.binary, "precisions"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        commands = {f"Hearth {name}": [self.options.binary, "peer", name] for name in precisions}
        for name in PEERS:
            if name.endswith("bf16") and not has_bf16():
                print(f"{name}: left out, this processor does not multiply bf16", file=sys.stderr)
            else:
                commands[name] = [sys.executable, __file__, "--peer", name, self.options.assets, self.options.work]
        return {name: Process(command) for name, command in commands.items()}

    def ask_all(self, backwards=False, **command):
        """A side that ended is told of and left out from then on."""
        replies = {}
        for name in list(self.sides)[::-1 if backwards else 1]:
            replies[name] = self.sides[name].ask(**command)
            if replies[name] is None:
                print(f"{name}: ended at {next(iter(command))}, left out", file=sys.stderr, flush=True)
                self.sides.pop(name).end()
                del replies[name]
        return replies

    def load(self, texts, tokens):
        counts = {name: reply["tokens"] for name, reply in self.ask_all(load=texts, tokens=tokens).items()}
        first = next(iter(counts.values()))
        for name, found in counts.items():
            if found != first:
                raise SystemExit(f"{name} cuts the texts into other tokens: {sum(found)}, not {sum(first)}")
        return sum(first)

    def tune(self):
        batches = {}
        for name in [name for name in self.sides if name in PEERS]:
            reply = self.sides[name].ask(tune=True)
            if reply is None:
                self.sides.pop(name).end()
                print(f"{name}: ended at the first batches, left out", file=sys.stderr, flush=True)
            else:
                batches[name] = reply["batch"]
        return batches

    def rounds(self, **command):
        seconds = {name: [] for name in self.sides}
        for number in range(self.options.rounds):
            for name, reply in self.ask_all(backwards=number % 2 == 1, **command).items():
                seconds[name].append(reply["seconds"])
        return {name: times for name, times in seconds.items() if name in self.sides}

    def agreement(self):
        replies = {name: numpy.array(reply["vectors"]) for name, reply in self.ask_all(vectors=True).items()}
        truth = replies["Hearth fp32"]
        return {name: numpy.sum(truth * vectors, axis=1) for name, vectors in replies.items()}

    def run(self, texts):
        self.load(texts.exact(16, 64), True)
        self.ask_all(each=64)
        self.show_latency(self.rounds(each=self.options.queries))
        jobs = {f"{length} tokens": (texts.exact(length, self.options.tokens // length), True)
                for length in map(int, self.options.lengths.split(","))}
        jobs["mix"] = (texts.mixed(self.options.tokens // 50), False)
        table, batches = {}, {}
        for job, (pieces, given) in jobs.items():
            tokens = self.load(pieces, given)
            batches[job] = self.tune()
            self.ask_all(run=1)
            table[job] = {name: [tokens / seconds for times in rounds for seconds in times]
                          for name, rounds in self.rounds(run=1).items()}
        lengths = sorted(texts.count(text) for text in jobs["mix"][0])
        cosines = self.agreement()
        for process in self.sides.values():
            process.end()
        self.show_rates(table, batches)
        print(f"\nThe mix: {len(lengths)} texts of {lengths[0]} to {lengths[-1]} tokens, quartiles "
              + ", ".join(f"{number:.0f}" for number in statistics.quantiles(lengths)))
        self.show_agreement(cosines)

    def show_latency(self, seconds):
        print("\n| a text of 16 tokens, alone | p50 ms | p99 ms |\n|---|---|---|")
        for name, rounds in seconds.items():
            times = sorted(1000 * second for times in rounds for second in times)
            print(f"| {name} | {statistics.median(times):.2f} | {times[int(0.99 * len(times))]:.2f} |", flush=True)

    def show_rates(self, table, batches):
        print("\n| tokens/s, best / median (texts a batch) | " + " | ".join(table) + " |")
        print("|---" * (len(table) + 1) + "|")
        for name in self.sides:
            cells = []
            for job, rates in table.items():
                size = f" ({batches[job][name]})" if name in batches[job] else ""
                cells.append(f"{max(rates[name]):,.0f} / {statistics.median(rates[name]):,.0f}{size}")
            print(f"| {name} | " + " | ".join(cells) + " |")
        for name in [name for name in self.sides if name not in PEERS]:
            precision = name.split()[-1]
            self.show_ratio(table, name, f"{name}, of the fastest peer", PEERS)
            self.show_ratio(table, name, f"{name}, of the fastest in {precision}", [peer for peer in PEERS if precision in peer])

    def show_ratio(self, table, name, title, peers):
        """Medians against medians."""
        cells = []
        for rates in table.values():
            others = {peer: statistics.median(rates[peer]) for peer in peers if peer in rates}
            best = max(others, key=others.get, default=None)
            cells.append(f"{statistics.median(rates[name]) / others[best]:.2f} × {best}" if best else "no such peer")
        print(f"| {title} | " + " | ".join(cells) + " |", flush=True)

    def show_agreement(self, cosines):
        print("\n| cosine with Hearth fp32, on the mix | least | mean |\n|---|---|---|")
        for name, values in cosines.items():
            print(f"| {name} | {values.min():.5f} | {values.mean():.5f} |", flush=True)


def main():
    if sys.argv[1:2] == ["--peer"]:
        name, assets, work = sys.argv[2:]
        PEERS[name](assets, work).serve()
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--assets", required=True, help="the folder that holds minilm/")
    parser.add_argument("--corpus", required=True, help="a folder of sources that texts are taken from")
    parser.add_argument("--work", required=True, help="a folder for the ONNX models; kept")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="where everybody runs")
    parser.add_argument("--lengths", default="32,128,256")
    parser.add_argument("--tokens", type=int, default=2048, help="of a job of one length; the mix has about twice as many")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--queries", type=int, default=100, help="queries a round, one at a time")
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    Comparison(options).run(Texts(options.assets, options.corpus))


if __name__ == "__main__":
    main()
