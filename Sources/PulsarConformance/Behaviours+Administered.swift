import Pulsar
import PulsarAdmin

extension Behaviour {
    /// What takes an administrator: topics of several partitions, and topics that move, end or are compacted.
    static func administered(_ admin: PulsarAdmin) -> [Behaviour] {
        [
            Behaviour("keeps the messages of a key in one partition, and in order") { ground in
                try await admin.createTopic(ground.topic(), partitions: 3)
                let producer = try await ground.producer(ground.topic())
                try expect(producer.partitionCount, is: 3, "partitions")
                for number in 0..<60 { try await producer.send(OutgoingMessage("\(number)", key: "k\(number % 12)")) }
                let consumer = try await ground.consumer(ground.topic())
                var partitions: [String: Int32] = [:]
                var last: [String: Int] = [:]
                for message in try await ground.take(60, from: consumer) {
                    let (key, number) = (message.key ?? "", Int(message.text) ?? -1)
                    let partition = partitions[key, default: message.id.partition]
                    try expect(message.id.partition, is: partition, "partition of \(key)")
                    try expect(last[key, default: -1] < number, "\(key) is out of order")
                    (partitions[key], last[key]) = (partition, number)
                }
                try expect(Set(partitions.values), is: [0, 1, 2], "partitions in use")
            },
            Behaviour("spreads messages without a key over all partitions") { ground in
                try await admin.createTopic(ground.topic(), partitions: 3)
                let producer = try await ground.producer(ground.topic())
                for number in 0..<9 { try await producer.send(OutgoingMessage("\(number)")) }
                let messages = try await ground.take(9, from: try await ground.consumer(ground.topic()))
                for partition in Int32(0)..<3 {
                    try expect(messages.count { $0.id.partition == partition }, is: 3, "messages of \(partition)")
                }
            },
            Behaviour("fetches nothing ahead from any partition") { ground in
                try await admin.createTopic(ground.topic(), partitions: 3)
                let producer = try await ground.producer(ground.topic())
                for number in 0..<6 { try await producer.send(OutgoingMessage("\(number)")) }
                let busy = try await ground.consumer(ground.topic(), .shared) { $0.receiverQueueSize = 0 }
                let first = try await busy.receive()
                let idle = try await ground.consumer(ground.topic(), .shared) { $0.receiverQueueSize = 0 }
                let others = try await ground.take(5, from: idle)
                try expect(Set(others.map(\.text) + [first.text]).count, is: 6, "messages")
            },
            Behaviour("finds partitions that were added") { ground in
                let topic = ground.topic()
                try await admin.createTopic(topic, partitions: 1)
                var configuration = ground.configuration
                configuration.discoveryInterval = .milliseconds(200)
                try await PulsarClient.withClient(configuration) { client in
                    let producer = try await client.producer(ProducerConfiguration(topic: topic))
                    var settings = ConsumerConfiguration(topic: topic, subscription: "s")
                    settings.initialPosition = .earliest
                    let consumer = try await client.consumer(settings)
                    try await admin.setPartitions(3, of: topic)
                    while producer.partitionCount < 3 { try await Task.sleep(for: .milliseconds(50)) }
                    for number in 0..<6 { try await producer.send(OutgoingMessage("\(number)")) }
                    let messages = try await ground.take(6, from: consumer)
                    try expect(Set(messages.map(\.id.partition)), is: [0, 1, 2], "partitions in use")
                }
            },
            Behaviour("goes on in order when its topic is unloaded") { ground in
                let topic = ground.topic()
                try await admin.createTopic(topic)
                let producer = try await ground.producer(topic) { $0.maximumPendingMessages = 10 }
                let consumer = try await ground.consumer(topic)
                for number in 0..<300 {
                    if number % 100 == 50 { try await admin.unload(topic) }
                    try await producer.enqueue(OutgoingMessage("\(number)")) { _ in }
                }
                await producer.flush()
                // What was on its way may have been stored twice, so only the first of each is looked at.
                var texts: [String] = []
                while texts.count < 300 {
                    let text = try await ground.take(1, from: consumer)[0].text
                    if !texts.contains(text) { texts.append(text) }
                }
                try expect(texts, is: (0..<300).map(String.init), "texts")
            },
            Behaviour("says that a topic has ended") { ground in
                let topic = ground.topic()
                try await admin.createTopic(topic)
                let producer = try await ground.producer(topic)
                try await producer.send(OutgoingMessage("last"))
                try await admin.terminate(topic)
                do {
                    try await producer.send(OutgoingMessage("too late"))
                    throw Deviation(description: "a topic that has ended took a message")
                } catch let error as PulsarError { try expect(error.code, is: .topicTerminated, "code") }
                var texts: [String] = []
                for try await message in try await ground.client.reader(ReaderConfiguration(topic: topic)) {
                    texts.append(message.text)
                }
                try expect(texts, is: ["last"], "texts")
            },
            Behaviour("reads the last message of each key where the topic was compacted") { ground in
                let topic = ground.topic()
                try await admin.createTopic(topic)
                let producer = try await ground.producer(topic)
                for number in 0..<20 { try await producer.send(OutgoingMessage("\(number)", key: "k\(number % 4)")) }
                var tombstone = OutgoingMessage("", key: "k0")
                tombstone.isTombstone = true
                try await producer.send(tombstone)
                try await admin.compact(topic)
                while try await !admin.isCompacted(topic) { try await Task.sleep(for: .milliseconds(200)) }
                var configuration = ReaderConfiguration(topic: topic)
                configuration.readsCompacted = true
                let reader = try await ground.client.reader(configuration)
                var texts: [String] = []
                while try await reader.hasMessageAvailable() { texts.append(try await reader.read().text) }
                try expect(texts, is: ["17", "18", "19"], "texts")
            },
        ]
    }
}
