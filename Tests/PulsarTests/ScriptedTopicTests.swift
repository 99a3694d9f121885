import FoundationEssentials
import NIOCore
import Synchronization
import Testing

@testable import Pulsar

/// What pulsar-lite lacks (partitions, exclusive producers, delayed delivery, seek, acknowledgements within a batch,
/// patterns, topics that move), against a scripted peer.
@Suite("Topics of a test's making", .timeLimit(.minutes(1)))
struct ScriptedTopicTests {
    /// Says that every topic has three partitions.
    private static let partitioned: ScriptedPeer.Script = { received, line in
        guard case .partitionedMetadata(let asked) = received.part else { return false }
        var answer = WirePartitionedMetadataResponse()
        answer.requestID = asked.requestID
        answer.response = .success
        answer.partitions = asked.topic.contains("-partition-") ? 0 : 3
        try line.write(.partitionedMetadataResponse(answer))
        return true
    }

    /// What the producers of a peer are attached to, by their ids.
    private func topics(_ peer: ScriptedPeer) -> [UInt64: String] {
        peer.received.reduce(into: [:]) { topics, received in
            if case .producer(let producer) = received.part { topics[producer.producerID] = producer.topic }
        }
    }

    @Test("messages of a key go to the partition that Java's hash of the key names; those without take turns")
    func routes() async throws {
        try await ScriptedPeer.withPeer(script: Self.partitioned) { peer in
            try await peer.withClient { client in
                var configuration = ProducerConfiguration(topic: "t")
                configuration.batching = nil
                let producer = try await client.producer(configuration)
                #expect(producer.partitionCount == 3)
                for key in ["a", "b", "c", "hello"] { try await producer.send(OutgoingMessage("x", key: key)) }
                for _ in 0..<6 { try await producer.send(OutgoingMessage("y")) }
            }
            let topics = topics(peer)
            let sent = peer.received.compactMap { received -> (String, String)? in
                guard case .send(let send) = received.part else { return nil }
                return (received.metadata?.partitionKey ?? "", String(topics[send.producerID]?.last ?? "?"))
            }
            // "a" is 97, "b" 98, "c" 99, "hello" 99162322, each modulo 3.
            #expect(sent.prefix(4).map(\.1) == ["1", "2", "0", "1"])
            #expect(Dictionary(grouping: sent.dropFirst(4), by: \.1).mapValues(\.count) == ["0": 2, "1": 2, "2": 2])
        }
    }

    @Test("a consumer of a partitioned topic without a queue grants no more than is waited for over all partitions")
    func consumesPartitions() async throws {
        try await ScriptedPeer.withPeer(script: Self.partitioned) { peer in
            try await peer.withClient { client in
                var configuration = ConsumerConfiguration(topic: "t", subscription: "s", type: .shared)
                configuration.receiverQueueSize = 0
                let consumer = try await client.consumer(configuration)
                #expect(consumer.topics.map { $0.suffix(12) } == ["-partition-0", "-partition-1", "-partition-2"])
                #expect(!peer.received.contains { if case .flow = $0.part { true } else { false } })
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await consumer.receive() }
                    _ = await peer.wait(for: 3) { if case .flow = $0.part { true } else { false } }
                    group.cancelAll()
                }
            }
            let permits = peer.received.compactMap { received -> UInt32? in
                if case .flow(let flow) = received.part { flow.messagePermits } else { nil }
            }
            #expect(permits == [1, 1, 1])
        }
    }

    @Test("a second exclusive producer is refused, and told so")
    func exclusive() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .producer(let asked) = received.part, asked.producerAccessMode == .exclusive else {
                return false
            }
            try line.write(Samples.error(asked.requestID, .producerBusy))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                var configuration = ProducerConfiguration(topic: "t")
                configuration.accessMode = .exclusive
                let settings = configuration
                let error = await #expect(throws: PulsarError.self) { _ = try await client.producer(settings) }
                #expect(error?.code == .producerBusy)
            }
        }
    }

    @Test("a producer that waits for exclusive access is made when the broker says that it has it")
    func waitsForExclusive() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .producer(let asked) = received.part else { return false }
            try line.write(.producerSuccess(Samples.producer(asked, isReady: false)))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                var configuration = ProducerConfiguration(topic: "t")
                configuration.accessMode = .waitForExclusive
                let settings = configuration
                async let producer = client.producer(settings)
                let asked = await peer.wait { if case .producer = $0.part { true } else { false } }
                guard case .producer(let request) = asked[0].part else { return }
                #expect(request.producerAccessMode == .waitForExclusive)
                try peer.say(.producerSuccess(Samples.producer(request)))
                try await producer.send(OutgoingMessage("mine"))
            }
        }
    }

    @Test("a producer that was fenced off fails what waits, and does not come back")
    func fenced() async throws {
        let script: ScriptedPeer.Script = { received, line in
            switch received.part {
            case .send: return true
            case .producer(let asked) where received.connection > 1:
                try line.write(Samples.error(asked.requestID, .producerFenced))
                return true
            default: return false
            }
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                let producer = try await client.producer(ProducerConfiguration(topic: "t"))
                async let sending = producer.send(OutgoingMessage("x"))
                _ = await peer.wait { if case .send = $0.part { true } else { false } }
                peer.breakConnections()
                let outcome: Result<MessageID, any Error>
                do { outcome = .success(try await sending) } catch { outcome = .failure(error) }
                #expect(throws: PulsarError.self) { try outcome.get() }
                if case .failure(let error as PulsarError) = outcome { #expect(error.code == .producerFenced) }
            }
        }
    }

    @Test("when a message may be delivered travels in its metadata")
    func delays() async throws {
        try await ScriptedPeer.withPeer { peer in
            let before = Int64(Date().timeIntervalSince1970 * 1000)
            try await peer.withClient { client in
                let producer = try await client.producer(ProducerConfiguration(topic: "t"))
                let payload = ByteBuffer(string: "x")
                try await producer.send(OutgoingMessage(payload, delivery: .at(milliseconds: 1_900_000_000_000)))
                try await producer.send(OutgoingMessage(payload, delivery: .after(.seconds(60))))
                try await producer.send(OutgoingMessage(payload))
            }
            let times = peer.received.compactMap { received -> Int64? in
                guard case .send = received.part, let metadata = received.metadata else { return nil }
                return metadata.hasDeliverAtTime ? metadata.deliverAtTime : 0
            }
            #expect(times.first == 1_900_000_000_000 && times.last == 0)
            #expect((before + 60_000...before + 65_000).contains(times[1]))
        }
    }

    @Test(
        "seek names the place, and permits are granted again, whether the broker closes the consumer or not",
        arguments: [true, false])
    func seeks(closes: Bool) async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .seek(let seek) = received.part, closes else { return false }
            var close = WireCloseConsumer()
            close.consumerID = seek.consumerID
            try line.write(.closeConsumer(close))
            try line.write(Samples.success(seek.requestID))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                var configuration = ConsumerConfiguration(topic: "t", subscription: "s")
                configuration.receiverQueueSize = 10
                let consumer = try await client.consumer(configuration)
                try await consumer.seek(to: MessageID(ledgerID: 3, entryID: 4))
                try await consumer.seek(toPublishTime: 1234)
                _ = await peer.wait(for: closes ? 3 : 1) { if case .flow = $0.part { true } else { false } }
            }
            let places = peer.received.compactMap { received -> [UInt64]? in
                guard case .seek(let seek) = received.part else { return nil }
                return seek.hasMessageID
                    ? [seek.messageID.ledgerID, seek.messageID.entryID] : [seek.messagePublishTime]
            }
            #expect(places == [[3, 4], [1234]])
        }
    }

    @Test("one message of a batch is acknowledged by a set in which it is missing")
    func acknowledgesWithinABatch() async throws {
        try await ScriptedPeer.withPeer { peer in
            try await peer.withClient { client in
                var configuration = ConsumerConfiguration(topic: "t", subscription: "s", type: .shared)
                configuration.acknowledgesBatchIndexes = true
                let consumer = try await client.consumer(configuration)
                let flows = await peer.wait { if case .flow = $0.part { true } else { false } }
                guard case .flow(let flow) = flows[0].part else { return }
                peer.say(try Samples.batch(["a", "b", "c", "d", "e"], consumer: flow.consumerID))
                var messages: [Message] = []
                for _ in 0..<5 { messages.append(try await consumer.receive()) }
                try await consumer.acknowledge(messages[1])
                for index in [0, 2, 3, 4] { try await consumer.acknowledge(messages[index]) }
            }
            let sets = peer.received.compactMap { received -> [Int64]? in
                if case .ack(let ack) = received.part { ack.messageID.first?.ackSet } else { nil }
            }
            // All but the second; then without the first too, and so on; the last one acknowledges the entry.
            #expect(sets == [[0b11101], [0b11100], [0b11000], [0b10000], []])
        }
    }

    @Test("a pattern receives the topics that match, partitions as one topic, and no other")
    func patterns() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .getTopicsOfNamespace(let asked) = received.part else { return false }
            var answer = WireGetTopicsOfNamespaceResponse()
            answer.requestID = asked.requestID
            answer.topics = ["a-1", "a-2", "b-1"].map { "persistent://\(asked.namespace)/\($0)" }
            try line.write(.getTopicsOfNamespaceResponse(answer))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                let consumer = try await client.consumer(
                    ConsumerConfiguration(
                        topics: .pattern(namespace: "public/default", expression: "persistent://public/default/a-.*"),
                        subscription: "s", type: .shared))
                #expect(consumer.topics == ["persistent://public/default/a-1", "persistent://public/default/a-2"])
            }
        }
    }

    @Test("a topic that moves is followed to the broker that was named, without asking anybody")
    func moves() async throws {
        try await ScriptedPeer.withPeer { target in
            let targetURL = target.url
            try await ScriptedPeer.withPeer { peer in
                try await peer.withClient { client in
                    let producer = try await client.producer(ProducerConfiguration(topic: "t"))
                    try await producer.send(OutgoingMessage("here"))
                    let asked = await peer.wait { if case .producer = $0.part { true } else { false } }
                    guard case .producer(let request) = asked[0].part else { return }
                    var close = WireCloseProducer()
                    close.producerID = request.producerID
                    close.assignedBrokerServiceURL = targetURL
                    try peer.say(.closeProducer(close))
                    _ = await target.wait { if case .producer = $0.part { true } else { false } }
                    try await producer.send(OutgoingMessage("there"))
                }
            }
            #expect(!target.received.contains { if case .lookup = $0.part { true } else { false } })
            #expect(target.received.contains { if case .send = $0.part { true } else { false } })
        }
    }
}

extension Samples {
    /// A MESSAGE frame with several messages in one entry.
    static func batch(_ texts: [String], consumer: UInt64) throws -> ByteBuffer {
        var metadata = WireMessageMetadata()
        metadata.producerName = "p"
        metadata.sequenceID = 0
        metadata.publishTime = 1
        metadata.numMessagesInBatch = Int32(texts.count)
        var entry = ByteBuffer()
        try entry.writeLengthPrefixed(metadata)
        for text in texts {
            var single = WireSingleMessageMetadata()
            single.payloadSize = Int32(text.utf8.count)
            try entry.writeLengthPrefixed(single)
            entry.writeString(text)
        }
        var command = WireCommand()
        command.type = 9
        command.message.consumerID = consumer
        command.message.messageID.ledgerID = 5
        command.message.messageID.entryID = 6
        var body = ByteBuffer()
        try body.writeLengthPrefixed(command)
        body.writeInteger(FrameFormat.checksumMagic)
        body.writeInteger(Checksum.crc32c(of: entry))
        body.writeBuffer(&entry)
        var frame = ByteBuffer(integer: UInt32(body.readableBytes))
        frame.writeBuffer(&body)
        return frame
    }
}
