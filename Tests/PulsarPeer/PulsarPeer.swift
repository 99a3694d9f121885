import Foundation
import Pulsar
import Synchronization

/// This client's side of a conversation with another client: `PulsarPeer TASK`, a ``PeerTask`` as JSON.
@main
struct PulsarPeer {
    let task: PeerTask
    let client: PulsarClient

    static let subscription = "peer"
    static let patience = Duration.seconds(10)

    static func main() async throws {
        let task = try JSONDecoder().decode(PeerTask.self, from: Data((CommandLine.arguments.last ?? "").utf8))
        let configuration = try PulsarClientConfiguration(serviceURL: task.url)
        try await PulsarClient.withClient(configuration) { client in
            let peer = PulsarPeer(task: task, client: client)
            switch task.kind {
            case .publish: try await peer.publish()
            case .consume: try await peer.consume()
            case .reject: try await peer.reject()
            case .read: try await peer.read()
            }
        }
    }

    private func publish() async throws {
        var configuration = ProducerConfiguration(topic: task.topic)
        if task.isBatched != true { configuration.batching = nil }
        configuration.allowsChunking = task.isChunked ?? false
        configuration.compression = task.compression.flatMap(CompressionCodec.init(rawValue:)) ?? .none
        let producer = try await client.producer(configuration)
        let ids = Mutex<[Int: Result<MessageID, any Error>]>([:])
        var number = 0
        while let line = readLine() {
            let message = try JSONDecoder().decode(PeerMessage.self, from: Data(line.utf8)).outgoing
            let place = number
            try await producer.enqueue(message) { result in ids.withLock { $0[place] = result } }
            number += 1
        }
        await producer.flush()
        for place in 0..<number {
            guard let id = try ids.withLock({ $0[place] })?.get() else {
                throw PeerError(description: "Message \(place) has no receipt.")
            }
            print(Data(id.serialized).base64EncodedString())
        }
    }

    private func consumer(_ change: (inout ConsumerConfiguration) -> Void = { _ in }) async throws -> Consumer {
        var configuration = ConsumerConfiguration(topic: task.topic, subscription: Self.subscription, type: .shared)
        configuration.initialPosition = .earliest
        change(&configuration)
        return try await client.consumer(configuration)
    }

    private func consume() async throws {
        let consumer = try await consumer()
        var seen: Set<MessageID> = []
        while seen.count < task.count ?? 1 {
            guard let message = try await consumer.receive(timeout: Self.patience) else {
                throw PeerError(description: "Only \(seen.count) messages came within \(Self.patience).")
            }
            try await consumer.acknowledge(message)
            if seen.insert(message.id).inserted { try say(message) }
        }
    }

    private func reject() async throws {
        let consumer = try await consumer {
            $0.deadLetters = DeadLetterPolicy(maximumRedeliveries: task.maximumRedeliveries ?? 1)
            $0.redelivery = RedeliveryBackoff(first: .milliseconds(50), longest: .milliseconds(50))
        }
        while let message = try await consumer.receive(timeout: .seconds(3)) { consumer.reject(message) }
    }

    private func read() async throws {
        let start = try task.after.map { try MessageID(serialized: [UInt8]($0)) }
        let reader = try await client.reader(
            ReaderConfiguration(topic: task.topic, start: start.map { .after($0) } ?? .earliest))
        while try await reader.hasMessageAvailable() { try say(try await reader.read()) }
    }

    private func say(_ message: Message) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        print(String(decoding: try encoder.encode(PeerMessage(message)), as: UTF8.self))
    }
}

/// What went wrong with a test's task.
struct PeerError: Error, CustomStringConvertible {
    let description: String
}
