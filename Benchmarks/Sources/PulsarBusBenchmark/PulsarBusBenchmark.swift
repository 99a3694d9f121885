import Backends
import Foundation
import Hearth
import Logging
import Pulsar

/// What the Pulsar bus adds to a question: from the gateway's `publish` over the worker's `claim` to the first reply at the
/// gateway, one question at a time, with a gateway's and a worker's bus at one broker.
///
/// `PulsarBusBenchmark URL [QUESTIONS]`
@main
enum PulsarBusBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else {
            print("usage: PulsarBusBenchmark URL [QUESTIONS]")
            exit(2)
        }
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 1000 : 1000
        let configuration = try PulsarClientConfiguration(serviceURL: arguments[1])
        let logger = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        let names = PulsarTopicNames(prefix: "benchmark-\(GatewayID.unique())-")
        let gateway = PulsarTaskBus(configuration, names: names, logger: logger)
        let worker = PulsarTaskBus(configuration, names: names, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await gateway.run() }
            group.addTask { await worker.run() }
            group.addTask { try await work(worker) }
            try await ask(gateway, count)
            group.cancelAll()
        }
    }

    private static func work(_ bus: PulsarTaskBus) async throws {
        while !Task.isCancelled {
            guard let delivery = try? await bus.claim(.answer) else { return }
            let address = String(decoding: delivery.message.payload.prefix(32), as: UTF8.self)
            guard let id = CorrelationID(rawValue: delivery.message.id), let gateway = GatewayID(rawValue: address)
            else { return }
            let reply = ReplyEvent(correlationID: id, attempt: 1, sequence: 1, kind: .text("a piece of text"))
            await bus.send([reply], to: gateway)
            try await bus.settle(delivery, as: .done)
        }
    }

    private static func ask(_ bus: PulsarTaskBus, _ count: Int) async throws {
        let address = GatewayID.unique()
        let payload = Data(address.rawValue.utf8) + Data(repeating: 0x61, count: 1_000)
        var replies = try await bus.replies(to: address).makeAsyncIterator()
        var (accepted, answered): ([Double], [Double]) = ([], [])
        for number in 0..<(count + 50) {
            let id = CorrelationID.next()
            let start = ContinuousClock.now
            try await bus.publish([
                TaskMessage(
                    id: id.rawValue, topic: .answer, priority: .interactive, orderingKey: "\(number)", payload: payload)
            ])
            let published = start.duration(to: .now) / .milliseconds(1)
            while let reply = try await replies.next(), reply.correlationID != id {}
            // The first questions open the connections.
            guard number >= 50 else { continue }
            accepted.append(published)
            answered.append(start.duration(to: .now) / .milliseconds(1))
        }
        print("what                                  p50 ms    p99 ms")
        print(row("publish (the question is accepted)", accepted))
        print(row("publish, claim, reply at the gateway", answered))
    }

    private static func row(_ name: String, _ values: [Double]) -> String {
        let sorted = values.sorted()
        func at(_ share: Double) -> String {
            String(format: "%9.2f", sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))])
        }
        return name.padding(toLength: 36, withPad: " ", startingAt: 0) + at(0.5) + " " + at(0.99)
    }
}
