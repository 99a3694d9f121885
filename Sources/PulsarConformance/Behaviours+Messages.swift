import NIOCore
import Pulsar

extension Behaviour {
    /// What a message is made of, and arrives with.
    static let messages: [Behaviour] = [
        Behaviour("sends and receives") { ground in
            let consumer = try await ground.consumer(ground.topic())
            let producer = try await ground.producer(ground.topic())
            let id = try await producer.send(OutgoingMessage("hello"))
            let message = try await ground.take(1, from: consumer)[0]
            try expect(message.text, is: "hello", "text")
            try expect(message.id, is: id, "id")
            try expect(message.producerName, is: producer.name, "producer")
        },
        Behaviour("keeps key, ordering key, properties and event time") { ground in
            let consumer = try await ground.consumer(ground.topic())
            var sent = OutgoingMessage("x", key: "k", properties: ["a": "1", "ü": "✓", "": "empty"])
            sent.orderingKey = [0, 255, 7]
            sent.eventTime = 123_456
            try await ground.producer(ground.topic()).send(sent)
            let message = try await ground.take(1, from: consumer)[0]
            try expect(message.key, is: "k", "key")
            try expect(message.orderingKey, is: [0, 255, 7], "ordering key")
            try expect(message.properties, is: sent.properties, "properties")
            try expect(message.eventTime, is: 123_456, "event time")
        },
        Behaviour("sends empty and binary payloads") { ground in
            let consumer = try await ground.consumer(ground.topic())
            let producer = try await ground.producer(ground.topic())
            let payloads: [[UInt8]] = [[], [0], Array(0...255)]
            for payload in payloads { try await producer.send(OutgoingMessage(bytes: payload)) }
            let messages = try await ground.take(3, from: consumer)
            try expect(messages.map { Array($0.payload.readableBytesView) }, is: payloads, "payloads")
        },
        Behaviour("compresses with every codec") { ground in
            let consumer = try await ground.consumer(ground.topic())
            let text = String(repeating: "all work and no play ", count: 500)
            for codec in CompressionCodec.allCases {
                let producer = try await ground.producer(ground.topic()) { $0.compression = codec }
                try await producer.send(OutgoingMessage(text))
                try expect(try await ground.take(1, from: consumer)[0].text, is: text, "\(codec)")
            }
        },
        Behaviour("batches, compressed and not") { ground in
            for codec in CompressionCodec.allCases {
                let topic = ground.topic("\(codec)")
                let producer = try await ground.producer(topic) {
                    $0.batching = BatchingConfiguration()
                    $0.compression = codec
                }
                for number in 0..<100 {
                    var message = OutgoingMessage("\(number)", key: "k\(number)", properties: ["n": "\(number)"])
                    message.eventTime = UInt64(number + 1)
                    try await producer.enqueue(message) { _ in }
                }
                await producer.flush()
                let messages = try await ground.take(100, from: try await ground.consumer(topic))
                try expect(messages.map(\.text), is: (0..<100).map(String.init), "texts of \(codec)")
                try expect(messages.map(\.key), is: (0..<100).map { "k\($0)" }, "keys")
                try expect(messages.map { $0.properties["n"] }, is: (0..<100).map(String.init), "properties")
                try expect(messages.map(\.eventTime), is: (0..<100).map { UInt64($0 + 1) }, "event times")
                try expect(messages.contains { $0.id.batchSize > 1 }, "no two messages shared an entry")
                await producer.close()
            }
        },
        Behaviour("receives ids that equal the receipts") { ground in
            let consumer = try await ground.consumer(ground.topic())
            let producer = try await ground.producer(ground.topic()) { $0.batching = BatchingConfiguration() }
            let ids = try await withThrowingTaskGroup(of: MessageID.self) { group in
                for number in 0..<50 { group.addTask { try await producer.send(OutgoingMessage("\(number)")) } }
                return try await group.reduce(into: Set<MessageID>()) { $0.insert($1) }
            }
            try expect(Set(try await ground.take(50, from: consumer).map(\.id)), is: ids, "ids")
        },
        Behaviour("sends a megabyte") { ground in
            let consumer = try await ground.consumer(ground.topic())
            let payload = ByteBuffer(bytes: (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            try await ground.producer(ground.topic()).send(OutgoingMessage(payload))
            try expect(try await ground.take(1, from: consumer)[0].payload == payload, "another payload came")
        },
        Behaviour("refuses what is too large") { ground in
            let producer = try await ground.producer(ground.topic())
            do {
                try await producer.send(OutgoingMessage(ByteBuffer(repeating: 1, count: 6 * 1024 * 1024)))
                throw Deviation(description: "6 MiB were taken")
            } catch let error as PulsarError { try expect(error.code, is: .messageTooLarge, "code") }
            try await producer.send(OutgoingMessage("still alive"))
        },
        Behaviour("sends large messages in chunks") { ground in
            let producer = try await ground.producer(ground.topic()) { $0.allowsChunking = true }
            let payload = ByteBuffer(bytes: (0..<12_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17 >> 2) })
            let id = try await producer.send(OutgoingMessage(payload, key: "k"))
            try expect(id.firstChunk != nil, "the id names no first chunk")
            // Only now: some brokers deliver twice what is published and read at the same moment, and chunks are published
            // slowly.
            let consumer = try await ground.consumer(ground.topic())
            let message = try await ground.take(1, from: consumer)[0]
            try expect(message.payload == payload, "another payload came")
            try expect(message.id.firstChunk, is: id.firstChunk, "first chunk")
        },
        Behaviour("uses non-persistent topics") { ground in
            let topic = ground.topic(domain: "non-persistent")
            let consumer = try await ground.consumer(topic)
            try await ground.producer(topic).send(OutgoingMessage("light"))
            try expect(try await ground.take(1, from: consumer)[0].text, is: "light", "text")
        },
    ]
}
