"""The Pulsar client beside Apache's Python client (which is its C++ client), at one broker, in interleaved rounds.

    python pulsar_client.py --binary PulsarClientBenchmark --url pulsar://127.0.0.1:6650

Needs the package pulsar-client. Each measurement is a process of its own."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
import uuid

MESSAGE = bytes(number * 31 % 256 for number in range(1024))


class ApacheClient:
    """The same measurements as PulsarClientBenchmark's."""

    def __init__(self, url, topic, count):
        import pulsar
        self.pulsar = pulsar
        self.client = pulsar.Client(url, logger=pulsar.ConsoleLogger(pulsar.LoggerLevel.Error))
        self.topic = topic
        self.count = count

    def producer(self, is_batched):
        return self.client.create_producer(
            self.topic, block_if_queue_full=True, max_pending_messages=1000, batching_enabled=is_batched)

    def consumer(self):
        return self.client.subscribe(self.topic, "s", consumer_type=self.pulsar.ConsumerType.Shared)

    def measure(self, measurement):
        return {
            "unbatched": lambda: self.throughput(False), "batched": lambda: self.throughput(True),
            "publish": self.publish_latency, "end-to-end": self.end_to_end_latency, "memory": self.memory,
        }[measurement]()

    def throughput(self, is_batched):
        producer = self.producer(is_batched)
        producer.send(MESSAGE)
        start = time.perf_counter()
        for _ in range(self.count):
            producer.send_async(MESSAGE, None)
        producer.flush()
        return {"rate": [self.count / (time.perf_counter() - start)]}

    def publish_latency(self):
        producer = self.producer(False)
        return self.sample(lambda: producer.send(MESSAGE))

    def end_to_end_latency(self):
        producer, consumer = self.producer(False), self.consumer()

        def one():
            producer.send_async(MESSAGE, None)
            consumer.acknowledge_async(consumer.receive(), None) if hasattr(consumer, "acknowledge_async") \
                else consumer.acknowledge(consumer.receive())
        return self.sample(one)

    def sample(self, body):
        for _ in range(200):
            body()
        milliseconds = []
        for _ in range(self.count):
            start = time.perf_counter()
            body()
            milliseconds.append((time.perf_counter() - start) * 1000)
        return {"milliseconds": milliseconds}

    def memory(self):
        consumer, producer = self.consumer(), self.producer(True)

        def publish():
            for _ in range(self.count):
                producer.send_async(MESSAGE, None)
        thread = threading.Thread(target=publish)
        thread.start()
        megabytes = []
        for number in range(1, self.count + 1):
            consumer.acknowledge(consumer.receive())
            if number % max(1, self.count // 10) == 0:
                with open("/proc/self/statm") as pages:
                    megabytes.append(int(pages.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6)
        thread.join()
        return {"megabytes": megabytes}


class Comparison:
    def __init__(self, options):
        self.options = options
        self.sides = {
            "Apache": [sys.executable, __file__, "--measure", options.url],
            "Hearth": [options.binary, options.url],
        }

    def run(self, side, measurement, count):
        topic = f"persistent://public/default/benchmark-{uuid.uuid4().hex}"
        command = [*self.sides[side], topic, measurement, str(count)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=900)
        if result.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: exit {result.returncode}\n{result.stderr[-2000:]}")
        return json.loads(result.stdout.splitlines()[-1])

    def rounds(self, measurement, count):
        """The results of each side; the sides take turns, and who begins."""
        results = {side: [] for side in self.sides}
        for number in range(self.options.rounds):
            for side in list(self.sides)[::1 if number % 2 else -1]:
                results[side].append(self.run(side, measurement, count))
        return results

    def row(self, name, values, digits):
        apache, hearth = values["Apache"], values["Hearth"]
        print(f"{name:42} {apache:12,.{digits}f} {hearth:12,.{digits}f} {hearth / apache:8.2f}", flush=True)

    def table(self):
        print(f"{'what':42} {'Apache':>12} {'Hearth':>12} {'ratio':>8}")
        for measurement in ("unbatched", "batched"):
            results = self.rounds(measurement, self.options.messages)
            rates = {side: statistics.median(result["rate"][0] for result in each) for side, each in results.items()}
            self.row(f"1 KiB messages a second, {measurement}", rates, 0)
        for measurement, name in (("publish", "publish, ms"), ("end-to-end", "end to end, ms")):
            results = self.rounds(measurement, self.options.samples)
            for label, place in (("p50", 0.5), ("p99", 0.99)):
                self.row(f"{name}, {label}", {
                    side: statistics.median(sorted(r["milliseconds"])[int(place * len(r["milliseconds"]))] for r in each)
                    for side, each in results.items()}, 3)
        memory = {side: self.run(side, "memory", self.options.memory)["megabytes"] for side in self.sides}
        for label, place in (("a tenth", 0), ("all", -1)):
            self.row(f"memory after {label} of {self.options.memory:,}, MB", {
                side: megabytes[place] for side, megabytes in memory.items()}, 1)


def main():
    if sys.argv[1:2] == ["--measure"]:
        url, topic, measurement, count = sys.argv[2:]
        print(json.dumps(ApacheClient(url, topic, int(count)).measure(measurement)))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--url", default=os.environ.get("PULSAR_URL"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--samples", type=int, default=3_000)
    parser.add_argument("--memory", type=int, default=1_000_000)
    Comparison(parser.parse_args()).table()


if __name__ == "__main__":
    main()
