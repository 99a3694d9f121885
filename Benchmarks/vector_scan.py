"""The local index's vector search beside faiss, usearch and Qdrant's engine, on the same vectors, in interleaved rounds.

    python vector_scan.py --binary VectorBenchmark --real lines.f32 --sizes 100000,1000000 --work DIRECTORY

Needs the packages of scripts/vector-peers-python. `--real` is a file of little-endian floats, 384 a vector, as `VectorBenchmark
lines` writes it. Its last vectors are the queries and are in no index. A size that the others do not reach is filled with
vectors made of them (`extended`). Each peer is a process of its own, which answers one command at a time."""

import argparse
import json
import os

# One thread a process, which many threads waiting for each other on two cores would slow down.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import pathlib
import statistics
import subprocess
import sys
import threading
import time

import numpy

DIMENSION = 384
LIMIT = 10
QUERIES = 500


def read(path):
    return numpy.memmap(path, dtype="<f4", mode="r").reshape(-1, DIMENSION)


def normalized(vectors):
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


# Vectors

def extended(real, count, seed=1):
    """Real vectors, and behind them made ones up to `count`: a random point between a real vector and one of its 32 nearest
    neighbours, plus noise, brought to length 1.

    The noise is what some real vector differs by from the best point between two of its neighbours, seven tenths as long and
    with a sign of its own. Made vectors still lie farther from the queries than as many real ones (Benchmarks/README.md)."""
    import faiss
    if len(real) >= count:
        return real[:count]
    generator = numpy.random.default_rng(seed)
    seeds = numpy.ascontiguousarray(real[generator.permutation(len(real))[:15_000]])
    cells = min(128, len(seeds) // 40)
    quick = faiss.IndexIVFFlat(faiss.IndexFlatIP(DIMENSION), DIMENSION, cells, faiss.METRIC_INNER_PRODUCT)
    quick.cp.niter = 5
    quick.train(seeds)
    quick.add(seeds)
    quick.nprobe = 4
    neighbours = quick.search(seeds, 33)[1][:, 1:]
    neighbours = numpy.where(neighbours < 0, numpy.arange(len(seeds))[:, None], neighbours)
    first, second = (seeds[neighbours[numpy.arange(len(seeds)), generator.integers(32, size=len(seeds))]] for _ in range(2))
    along = second - first
    share = numpy.sum((seeds - first) * along, axis=1) / numpy.maximum(numpy.sum(along * along, axis=1), 1e-9)
    rest = 0.7 * (seeds - first - numpy.clip(share, 0, 1)[:, None] * along)
    result = numpy.empty((count, DIMENSION), dtype="f4")
    result[:len(real)] = real
    for start in range(len(real), count, 50_000):
        size = min(50_000, count - start)
        place = generator.integers(len(seeds), size=size)
        other = seeds[neighbours[place, generator.integers(32, size=size)]]
        between = generator.random((size, 1), dtype="f4")
        noise = rest[generator.integers(len(rest), size=size)] * generator.choice(numpy.array([-1, 1], "f4"), (size, 1))
        result[start:start + size] = normalized((1 - between) * seeds[place] + between * other + noise)
    return result


def nearest(vectors, queries):
    """What an exact search in fp32 finds: the truth that recall is measured by."""
    import faiss
    scores, numbers = [], []
    for start in range(0, len(vectors), 100_000):
        part = faiss.IndexFlatIP(DIMENSION)
        part.add(numpy.ascontiguousarray(vectors[start:start + 100_000]))
        score, number = part.search(queries, LIMIT)
        scores.append(score)
        numbers.append(number + start)
    scores, numbers = numpy.hstack(scores), numpy.hstack(numbers)
    order = numpy.argsort(-scores, axis=1, kind="stable")[:, :LIMIT]
    return numpy.take_along_axis(scores, order, 1), numpy.take_along_axis(numbers, order, 1)


def recall(hits, vectors, queries, truth):
    """The share of hits that are as near as the tenth nearest: of equal vectors either will do."""
    good = 0
    for query, found, scores in zip(queries, hits, truth):
        good += numpy.count_nonzero(vectors[sorted(set(found))] @ query >= scores[-1] - 1e-6)
    return good / (LIMIT * len(queries))


# Peers

class Peer:
    """What a peer has to do: be built from vectors and find the ten best of a query."""

    def __init__(self, vectors, queries, directory):
        self.vectors, self.queries, self.directory = vectors, queries, directory

    def bytes(self):
        raise NotImplementedError

    def latency(self, count):
        milliseconds = []
        for query in self.queries[:count]:
            start = time.perf_counter()
            self.find(query)
            milliseconds.append((time.perf_counter() - start) * 1000)
        return milliseconds

    def rate(self, tasks):
        start = time.perf_counter()
        counts = [0] * tasks

        def work(task):
            while time.perf_counter() < start + 1:
                self.find(self.queries[(task * 7919 + counts[task]) % len(self.queries)])
                counts[task] += 1
        threads = [threading.Thread(target=work, args=(task,)) for task in range(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / (time.perf_counter() - start)

    def serve(self):
        for line in sys.stdin:
            command, _, number = line.strip().partition(" ")
            if command == "build":
                start = time.perf_counter()
                self.build()
                reply = {"seconds": time.perf_counter() - start}
            elif command == "hits":
                reply = {"hits": [[int(number) for number in self.find(query)] for query in self.queries]}
            elif command == "latency":
                reply = {"milliseconds": self.latency(int(number))}
            elif command == "rate":
                reply = {"rate": self.rate(int(number))}
            elif command == "bytes":
                reply = {"bytes": self.bytes()}
            print(json.dumps(reply), flush=True)


class Faiss(Peer):
    """One thread a query: faiss would take all cores for each."""

    def build(self):
        import faiss
        faiss.omp_set_num_threads(1)
        self.index = self.make(faiss)
        if not self.index.is_trained:
            self.index.train(numpy.ascontiguousarray(self.vectors[:100_000]))
        for start in range(0, len(self.vectors), 50_000):
            self.index.add(numpy.ascontiguousarray(self.vectors[start:start + 50_000]))

    def find(self, query):
        return self.index.search(query[None], LIMIT)[1][0]

    def bytes(self):
        import faiss
        return len(faiss.serialize_index(self.index))


class FaissFlat(Faiss):
    def make(self, faiss):
        return faiss.IndexFlatIP(DIMENSION)

    def bytes(self):
        return 4 * DIMENSION * len(self.vectors)


class FaissSQ8(Faiss):
    def make(self, faiss):
        return faiss.IndexScalarQuantizer(DIMENSION, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)


class FaissHNSW(Faiss):
    def make(self, faiss):
        index = faiss.IndexHNSWFlat(DIMENSION, 16, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 64
        index.hnsw.efSearch = 128
        return index


class FaissBinary(Faiss):
    """Signs by Hamming distance, the best 400 of them compared in fp32."""

    def build(self):
        import faiss
        faiss.omp_set_num_threads(1)
        self.index = faiss.IndexBinaryFlat(DIMENSION)
        for start in range(0, len(self.vectors), 50_000):
            self.index.add(numpy.packbits(self.vectors[start:start + 50_000] > 0, axis=1))

    def find(self, query):
        found = self.index.search(numpy.packbits(query > 0)[None], 400)[1][0]
        scores = self.vectors[found] @ query
        return found[numpy.argsort(-scores)[:LIMIT]]

    def bytes(self):
        return (DIMENSION // 8 + 4 * DIMENSION) * len(self.vectors)


class UsearchHNSW(Peer):
    def build(self):
        import usearch.index
        self.index = usearch.index.Index(
            ndim=DIMENSION, metric="cos", dtype="i8", connectivity=16, expansion_add=64, expansion_search=128)
        for start in range(0, len(self.vectors), 10_000):
            part = numpy.ascontiguousarray(self.vectors[start:start + 10_000])
            self.index.add(numpy.arange(start, start + len(part)), part, threads=1)

    def find(self, query):
        return self.index.search(query, LIMIT, threads=1).keys

    def bytes(self):
        return self.index.serialized_length


class UsearchExact(UsearchHNSW):
    """The same 8-bit vectors, all compared."""

    def build(self):
        self.codes = numpy.rint(numpy.clip(self.vectors * 127 / 0.3, -127, 127)).astype("i1")

    def find(self, query):
        import usearch.index
        code = numpy.rint(numpy.clip(query * 127 / 0.3, -127, 127)).astype("i1")
        return usearch.index.search(self.codes, code[None], LIMIT, "cos", exact=True, threads=1).keys.ravel()

    def bytes(self):
        return self.codes.nbytes


class Qdrant(Peer):
    """One bit a component, rescored; without a graph, which would be built for minutes."""
    params = {"exact": True, "oversampling": 20.0}

    def build(self):
        import qdrant_edge
        self.edge = qdrant_edge
        os.makedirs(self.directory, exist_ok=True)
        quantization = qdrant_edge.BinaryQuantizationConfig(always_ram=True)
        self.shard = qdrant_edge.EdgeShard.create(self.directory, qdrant_edge.EdgeConfig(
            vectors={"v": qdrant_edge.EdgeVectorParams(
                size=DIMENSION, distance=qdrant_edge.Distance.Dot, quantization_config=quantization,
                hnsw_config=qdrant_edge.HnswIndexConfig(m=0, ef_construct=16, full_scan_threshold=10_000))},
            max_search_threads=1,
            optimizers=qdrant_edge.EdgeOptimizersConfig(
                indexing_threshold=1000, default_segment_number=1, max_segment_size=10_000_000)))
        for start in range(0, len(self.vectors), 1000):
            self.shard.update(qdrant_edge.UpdateOperation.upsert_points([
                qdrant_edge.Point(start + place, {"v": vector.tolist()})
                for place, vector in enumerate(self.vectors[start:start + 1000])]))
        self.shard.optimize()
        self.shard.flush()

    def search_params(self):
        return self.edge.SearchParams(
            quantization=self.edge.QuantizationSearchParams(rescore=True, oversampling=20.0))

    def find(self, query):
        return [hit.id for hit in self.shard.query(self.edge.QueryRequest(
            query=self.edge.Query.Nearest(query.tolist(), using="v"), limit=LIMIT, params=self.search_params()))]

    def bytes(self):
        return sum(path.stat().st_blocks * 512 for path in pathlib.Path(self.directory).rglob("*") if path.is_file())


class QdrantExact(Qdrant):
    def search_params(self):
        return self.edge.SearchParams(exact=True, quantization=self.edge.QuantizationSearchParams(ignore=True))


PEERS = {
    "faiss flat fp32": FaissFlat,
    "faiss SQ8": FaissSQ8,
    "faiss binary, 400 rescored": FaissBinary,
    "faiss HNSW 16/64/128": FaissHNSW,
    "usearch HNSW i8 16/64/128": UsearchHNSW,
    "usearch i8 exact": UsearchExact,
    "Qdrant binary, 200 rescored": Qdrant,
    "Qdrant exact": QdrantExact,
}
# Graphs of a million vectors take an hour of one core here, Qdrant's points gigabytes.
SMALL_ONLY = {"faiss HNSW 16/64/128", "usearch HNSW i8 16/64/128", "Qdrant binary, 200 rescored", "Qdrant exact"}


# The comparison

class Process:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.command = command

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(self.command)}: ended with {self.process.wait()} at {command}")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Comparison:
    def __init__(self, options, size):
        self.options, self.size = options, size
        real = read(options.real)
        self.work = pathlib.Path(options.work) / str(size)
        self.work.mkdir(parents=True, exist_ok=True)
        self.real = min(size, len(real) - QUERIES)
        self.paths = [str(self.work / "vectors.f32"), str(self.work / "queries.f32")]
        if not pathlib.Path(self.paths[0]).exists():
            extended(real[:-QUERIES], size).astype("<f4").tofile(self.paths[0])
            real[-QUERIES:].tofile(self.paths[1])
        self.vectors, self.queries = read(self.paths[0]), numpy.array(read(self.paths[1]))

    def processes(self):
        sides = {"Hearth": [self.options.binary, "index", *self.paths, str(self.work / "hearth")]}
        if self.options.other:
            sides["Hearth, another build"] = [self.options.other, "index", *self.paths, str(self.work / "other")]
        for name in PEERS:
            if self.options.peers != "none" and (self.size <= 100_000 or name not in SMALL_ONLY):
                sides[name] = [sys.executable, __file__, "--peer", name, *self.paths, str(self.work / PEERS[name].__name__)]
        return {name: Process(command) for name, command in sides.items()}

    def run(self):
        truth = nearest(self.vectors, self.queries)[0]
        processes = self.processes()
        table = {}
        for name, process in processes.items():
            row = table[name] = {"build": process.ask("build")["seconds"]}
            row["recall"] = recall(process.ask("hits")["hits"], self.vectors, self.queries, truth)
            row["bytes"] = process.ask("bytes")["bytes"] / self.size
            row.update({"milliseconds": [], "p50": [], 1: [], 2: []})
            print(f"{name}: built in {row['build']:.0f} s, recall {row['recall']:.4f}", file=sys.stderr, flush=True)
        for number in range(self.options.rounds):
            for name in list(processes)[::1 if number % 2 else -1]:
                milliseconds = processes[name].ask(f"latency {self.options.samples}")["milliseconds"]
                table[name]["milliseconds"] += milliseconds
                table[name]["p50"].append(statistics.median(milliseconds))
                for tasks in (1, 2):
                    table[name][tasks].append(processes[name].ask(f"rate {tasks}")["rate"])
        for process in processes.values():
            process.end()
        self.show(table)

    def show(self, table):
        print(f"\n{self.size:,} vectors, {self.real:,} of them real, {len(self.queries)} held-out queries\n")
        print("| | recall@10 | p50 ms | p99 ms | queries/s, 1 thread | 2 threads | build s | bytes a vector |")
        print("|---|---|---|---|---|---|---|---|")
        for name, row in table.items():
            p99 = sorted(row["milliseconds"])[int(0.99 * len(row["milliseconds"]))]
            print(f"| {name} | {row['recall']:.4f} | {statistics.median(row['p50']):.2f} | {p99:.2f} | "
                  f"{statistics.median(row[1]):,.0f} | {statistics.median(row[2]):,.0f} | {row['build']:,.1f} | "
                  f"{row['bytes']:,.0f} |", flush=True)


def main():
    if sys.argv[1:2] == ["--peer"]:
        name, vectors, queries, directory = sys.argv[2:]
        PEERS[name](read(vectors), numpy.array(read(queries)), directory).serve()
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--other", help="another build of VectorBenchmark, to compare with")
    parser.add_argument("--real", required=True)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--work", required=True, help="a folder for vectors and indexes; kept")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=200, help="queries a round, one at a time")
    parser.add_argument("--peers", choices=["all", "none"], default="all")
    options = parser.parse_args()
    for size in map(int, options.sizes.split(",")):
        Comparison(options, size).run()


if __name__ == "__main__":
    main()
