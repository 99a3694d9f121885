import Foundation
import Pulsar

/// One measurement of the Pulsar client, as a line of JSON; `pulsar_client.py` runs it beside Apache's Python client.
///
/// `PulsarClientBenchmark URL TOPIC MEASUREMENT COUNT`
@main
struct PulsarClientBenchmark {
    let client: PulsarClient
    let topic: String
    let count: Int

    static let message = OutgoingMessage(bytes: (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let count = Int(arguments[4]) else {
            print("usage: PulsarClientBenchmark URL TOPIC unbatched|batched|publish|end-to-end|memory COUNT")
            exit(2)
        }
        let configuration = try PulsarClientConfiguration(serviceURL: arguments[1])
        try await PulsarClient.withClient(configuration) { client in
            let benchmark = PulsarClientBenchmark(client: client, topic: arguments[2], count: count)
            let result =
                switch arguments[3] {
                case "unbatched": try await benchmark.throughput(isBatched: false)
                case "batched": try await benchmark.throughput(isBatched: true)
                case "publish": try await benchmark.publishLatency()
                case "end-to-end": try await benchmark.endToEndLatency()
                case "memory": try await benchmark.memory()
                default: throw CocoaError(.featureUnsupported)
                }
            print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
        }
    }

    private func producer(isBatched: Bool) async throws -> Producer {
        var configuration = ProducerConfiguration(topic: topic)
        if !isBatched { configuration.batching = nil }
        return try await client.producer(configuration)
    }

    /// As Apache's client subscribes: 1000 messages are fetched ahead, and the broker does not confirm acknowledgements.
    private func consumer() async throws -> Consumer {
        var configuration = ConsumerConfiguration(topic: topic, subscription: "s", type: .shared)
        configuration.confirmsAcknowledgements = false
        return try await client.consumer(configuration)
    }

    /// Messages a second, from the first send to the last receipt.
    private func throughput(isBatched: Bool) async throws -> [String: [Double]] {
        let producer = try await producer(isBatched: isBatched)
        try await producer.send(Self.message)
        let start = ContinuousClock.now
        for _ in 0..<count { try await producer.enqueue(Self.message) { _ in } }
        await producer.flush()
        return ["rate": [Double(count) / (start.duration(to: .now) / .seconds(1))]]
    }

    /// Milliseconds from `send` to the receipt, one message at a time.
    private func publishLatency() async throws -> [String: [Double]] {
        let producer = try await producer(isBatched: false)
        return ["milliseconds": try await sample { try await producer.send(Self.message) }]
    }

    /// Milliseconds from sending to receiving in the same process, one message at a time.
    private func endToEndLatency() async throws -> [String: [Double]] {
        let producer = try await producer(isBatched: false)
        let consumer = try await consumer()
        return [
            "milliseconds": try await sample {
                try await producer.enqueue(Self.message) { _ in }
                consumer.acknowledgeWithoutWaiting(try await consumer.receive())
            }
        ]
    }

    private func sample(_ body: () async throws -> Void) async throws -> [Double] {
        for _ in 0..<200 { try await body() }
        var milliseconds: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await body()
            milliseconds.append(start.duration(to: .now) / .milliseconds(1))
        }
        return milliseconds
    }

    /// Megabytes of resident memory after each tenth of the messages, published in batches and received.
    private func memory() async throws -> [String: [Double]] {
        let consumer = try await consumer()
        let producer = try await producer(isBatched: true)
        let count = count
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<count { try await producer.enqueue(Self.message) { _ in } }
            }
            var megabytes: [Double] = []
            for number in 1...count {
                consumer.acknowledgeWithoutWaiting(try await consumer.receive())
                if number % max(1, count / 10) == 0 { megabytes.append(try Self.residentMegabytes()) }
            }
            try await group.waitForAll()
            return ["megabytes": megabytes]
        }
    }

    private static func residentMegabytes() throws -> Double {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return Double(pages[1]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_000_000 } ?? 0
    }
}
