"""This client and Apache's own, over one broker: what one writes, the other reads, byte by byte, in both directions.

Needs PULSAR_URL, PULSAR_PEER (the program PulsarPeer) and the package pulsar-client; `scripts/test-pulsar` sets them up."""

import base64
import json
import os
import random
import subprocess
import unittest
import uuid

import pulsar

URL = os.environ["PULSAR_URL"]
PEER = os.environ["PULSAR_PEER"]
SUBSCRIPTION = "peer"
CODECS = {
    "none": pulsar.CompressionType.NONE,
    "lz4": pulsar.CompressionType.LZ4,
    "zlib": pulsar.CompressionType.ZLib,
    "zstd": pulsar.CompressionType.ZSTD,
}

# Bytes, as JSON has them: Base64.
BYTES = {"payload", "orderingKey", "id"}
PARTS = ("payload", "key", "orderingKey", "properties", "eventTime")


def sample(seed):
    """Messages of every kind: empty and large, text and any bytes, with and without everything that is optional."""
    chance = random.Random(seed)
    messages = [
        {"payload": b"", "properties": {"empty": ""}},
        {"payload": "äöü 漢字 🙂".encode(), "key": "schlüssel", "properties": {"größe": "漢字", "a b": "c=d&e"}},
        # Ordering keys are bytes, but text to Apache's Python client.
        {"payload": bytes(range(256)), "key": "k", "orderingKey": "ö\0rdnung"},
        {"payload": b"x" * 100_000, "eventTime": 1_700_000_000_123},
    ]
    for number in range(60):
        messages.append({
            "payload": chance.randbytes(chance.randrange(2_000)),
            "key": chance.choice([None, "a", "b", f"key-{number}"]),
            "orderingKey": chance.choice([None, f"order-{number}"]),
            "properties": {f"p{index}": str(chance.random()) for index in range(chance.randrange(4))},
            "eventTime": chance.choice([None, 1_600_000_000_000 + number]),
        })
    return messages


def plain(message):
    """What a message says, without what is not there and without what the broker added."""
    return {name: value for name, value in message.items() if name in PARTS and (value or name == "payload")}


def as_bytes(value):
    return value.encode() if isinstance(value, str) else value


class Peer:
    """The program under test."""

    @staticmethod
    def run(kind, topic, messages=(), **options):
        task = json.dumps({"kind": kind, "url": URL, "topic": topic, **options})
        lines = "".join(json.dumps(Peer.encoded(message)) + "\n" for message in messages)
        result = subprocess.run([PEER, task], input=lines, capture_output=True, text=True, timeout=60)
        if result.returncode != 0:
            raise AssertionError(f"PulsarPeer {kind}: exit {result.returncode}\n{result.stderr[-3000:]}")
        return result.stdout.splitlines()

    @staticmethod
    def encoded(message):
        return {
            name: base64.b64encode(as_bytes(value)).decode() if name in BYTES else value
            for name, value in message.items() if value is not None
        }

    @staticmethod
    def publish(topic, messages, **options):
        """The ids, serialized."""
        return [base64.b64decode(line) for line in Peer.run("publish", topic, messages, **options)]

    @staticmethod
    def received(lines):
        messages = [json.loads(line) for line in lines]
        for message in messages:
            for name in BYTES & set(message):
                message[name] = base64.b64decode(message[name])
            if "orderingKey" in message:
                message["orderingKey"] = message["orderingKey"].decode()
        return messages


class InteroperabilityTests(unittest.TestCase):
    maxDiff = 2_000

    def setUp(self):
        self.client = pulsar.Client(URL, logger=pulsar.ConsoleLogger(pulsar.LoggerLevel.Error))
        self.addCleanup(self.client.close)
        self.topic = f"persistent://public/default/interoperability-{uuid.uuid4().hex}"

    # MARK: Apache's side

    def publish(self, messages, topic=None, **options):
        producer = self.client.create_producer(topic or self.topic, block_if_queue_full=True, **options)
        ids = {}
        for number, message in enumerate(messages):
            def receipt(result, identifier, number=number):
                ids[number] = identifier if result == pulsar.Result.Ok else result
            producer.send_async(
                message["payload"], receipt, properties=message.get("properties"), partition_key=message.get("key"),
                ordering_key=message.get("orderingKey"), event_timestamp=message.get("eventTime"))
        producer.flush()
        producer.close()
        return [ids[number] for number in range(len(messages))]

    def consume(self, count, topic=None, subscription=SUBSCRIPTION):
        consumer = self.client.subscribe(
            topic or self.topic, subscription, consumer_type=pulsar.ConsumerType.Shared,
            initial_position=pulsar.InitialPosition.Earliest)
        messages = []
        while len(messages) < count:
            message = consumer.receive(10_000)
            consumer.acknowledge(message)
            # A broker promises at least once.
            if all(other.message_id() != message.message_id() for other in messages):
                messages.append(message)
        consumer.close()
        return messages

    @staticmethod
    def described(message):
        return {
            "payload": message.data(), "key": message.partition_key(), "orderingKey": message.ordering_key(),
            "properties": message.properties(), "eventTime": message.event_timestamp(),
        }

    # MARK: Assertions

    def assertSame(self, received, sent):
        for number, (one, other) in enumerate(zip(received, sent, strict=True)):
            self.assertEqual(plain(one), plain(other), f"message {number}")

    def assertBatched(self, ids, is_batched):
        places = {(identifier.ledger_id(), identifier.entry_id()) for identifier in ids}
        self.assertEqual(len(places) < len(ids), is_batched, "batched or not, as was asked for")

    def test_what_this_client_writes_apaches_reads(self):
        messages = sample(1)
        for codec in CODECS:
            for is_batched in (False, True):
                with self.subTest(codec=codec, batched=is_batched):
                    topic = f"{self.topic}-{codec}-{is_batched}"
                    ids = Peer.publish(topic, messages, compression=codec, isBatched=is_batched)
                    received = self.consume(len(messages), topic)
                    self.assertSame(map(self.described, received), messages)
                    self.assertEqual([pulsar.MessageId.deserialize(i) for i in ids], [m.message_id() for m in received])
                    self.assertBatched([message.message_id() for message in received], is_batched)

    def test_what_apaches_writes_this_client_reads(self):
        messages = sample(2)
        for codec, apache in CODECS.items():
            for is_batched in (False, True):
                with self.subTest(codec=codec, batched=is_batched):
                    topic = f"{self.topic}-{codec}-{is_batched}"
                    ids = self.publish(
                        messages, topic, compression_type=apache, batching_enabled=is_batched,
                        batching_max_publish_delay_ms=50)
                    received = Peer.received(Peer.run("consume", topic, count=len(messages)))
                    self.assertSame(received, messages)
                    self.assertEqual([pulsar.MessageId.deserialize(m["id"]) for m in received], ids)
                    self.assertBatched(ids, is_batched)

    def test_what_one_cuts_into_chunks_the_other_puts_together(self):
        large = random.Random(3).randbytes(12 << 20)
        Peer.publish(self.topic + "-here", [{"payload": large, "key": "k"}], isChunked=True)
        message = self.consume(1, self.topic + "-here")[0]
        self.assertTrue(message.data() == large and message.partition_key() == "k")
        self.publish([{"payload": large, "key": "k"}], self.topic + "-there", chunking_enabled=True)
        message = Peer.received(Peer.run("consume", self.topic + "-there", count=1))[0]
        self.assertTrue(message["payload"] == large and message["key"] == "k")

    def test_the_dead_letters_of_one_are_those_of_the_other(self):
        sent = {"payload": b"poison", "key": "k", "properties": {"a": "b"}}
        self.publish([sent])
        Peer.run("reject", self.topic, maximumRedeliveries=2)
        here = self.consume(1, f"{self.topic}-{SUBSCRIPTION}-DLQ")[0]

        other = self.topic + "-other"
        Peer.publish(other, [sent])
        consumer = self.client.subscribe(
            other, SUBSCRIPTION, consumer_type=pulsar.ConsumerType.Shared, initial_position=pulsar.InitialPosition.Earliest,
            negative_ack_redelivery_delay_ms=100,
            dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(max_redeliver_count=2))
        with self.assertRaises(pulsar.Timeout):
            while True:
                consumer.negative_acknowledge(consumer.receive(3_000))
        consumer.close()
        there = Peer.received(Peer.run("consume", f"{other}-{SUBSCRIPTION}-DLQ", count=1))[0]

        self.assertEqual((here.data(), there["payload"]), (b"poison", b"poison"))
        self.assertEqual((here.partition_key(), there["key"]), ("k", "k"))
        origins = here.properties(), there["properties"]
        # This one is the Java client's; the C++ one, which is Python's, does not write it.
        self.assertEqual(origins[0].pop("REAL_SUBSCRIPTION"), SUBSCRIPTION)
        self.assertEqual(set(origins[0]), set(origins[1]), "the same properties say where it came from")
        for topic, properties in zip((self.topic, other), origins):
            self.assertEqual((properties["a"], properties["REAL_TOPIC"]), ("b", topic))
            self.assertRegex(properties["ORIGIN_MESSAGE_ID"], r"^\(\d+,\d+,-1,-1\)$")

    def test_a_place_that_one_noted_the_other_goes_on_from(self):
        messages = [{"payload": str(number).encode()} for number in range(20)]
        ids = Peer.publish(self.topic, messages)
        reader = self.client.create_reader(self.topic, pulsar.MessageId.deserialize(ids[9]))
        rest = []
        while reader.has_message_available():
            rest.append(reader.read_next(10_000).data())
        reader.close()
        self.assertEqual(rest, [message["payload"] for message in messages[10:]])

        noted = self.consume(20)[9].message_id().serialize()
        lines = Peer.run("read", self.topic, after=base64.b64encode(noted).decode())
        self.assertEqual([m["payload"] for m in Peer.received(lines)], [m["payload"] for m in messages[10:]])


if __name__ == "__main__":
    unittest.main(verbosity=2)
