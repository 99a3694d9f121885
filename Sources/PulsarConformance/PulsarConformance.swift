import Foundation
import Logging
import Pulsar
import PulsarAdmin

/// Tries everything that the client does with a broker, one line for each behaviour and a count at the end.
///
/// `hearth-pulsar-conformance pulsar://host:6650 [--admin URL] [--only TEXT] [--lacking FILE] [--list]`. With the admin
/// API's address, behaviours of partitioned, unloaded, ended and compacted topics are tried too. The exit code is 0 if
/// every behaviour is there; a file names those that a broker is known to lack, a line each, and they must then fail.
@main
struct PulsarConformance {
    let url: String
    let behaviours: [Behaviour]
    let only: String?
    let lacking: Set<String>

    /// For one behaviour.
    static let limit = Duration.seconds(40)

    static func main() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        func option(_ name: String) -> String? {
            guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
            defer { arguments.removeSubrange(index...index + 1) }
            return arguments[index + 1]
        }
        let only = option("--only")
        let lacking = try option("--lacking").map { file in
            Set(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init))
        }
        let environment = ProcessInfo.processInfo.environment
        var behaviours = Behaviour.messages + Behaviour.producers + Behaviour.consumers
        if let address = option("--admin") ?? environment["PULSAR_ADMIN_URL"] {
            do {
                behaviours += Behaviour.administered(
                    try PulsarAdmin(url: address, token: environment["PULSAR_ADMIN_TOKEN"]))
            } catch {
                say("\(error)")
                exit(2)
            }
        }
        if arguments.contains("--list") { return behaviours.forEach { say($0.name) } }
        guard let url = arguments.first ?? environment["PULSAR_URL"] else {
            say(
                "usage: hearth-pulsar-conformance pulsar://host:6650 [--admin URL] [--only TEXT] [--lacking FILE] [--list]"
            )
            exit(2)
        }
        do {
            let configuration = try PulsarClientConfiguration(serviceURL: url)
            try await PulsarClient.withClient(configuration, logger: quiet) { client in try await client.connect() }
        } catch {
            say("\(url) cannot be tested: \(error)")
            exit(2)
        }
        let suite = PulsarConformance(url: url, behaviours: behaviours, only: only, lacking: lacking ?? [])
        exit(try await suite.run() ? 0 : 1)
    }

    /// Standard error, for what `PULSAR_LOG` says; nothing by default.
    private static var quiet: Logger {
        var logger = Logger(label: "pulsar", factory: { StreamLogHandler.standardError(label: $0) })
        let level = ProcessInfo.processInfo.environment["PULSAR_LOG"].flatMap { Logger.Level(rawValue: $0) }
        logger.logLevel = level ?? .critical
        return logger
    }

    /// Standard output, a line at once.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// - Returns: whether all went as expected.
    private func run() async throws -> Bool {
        let chosen = behaviours.filter { only.map($0.name.contains) ?? true }
        let run = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        var (passed, lacked, unexpected) = (0, 0, 0)
        for (number, behaviour) in chosen.enumerated() {
            let began = ContinuousClock.now
            let failure = await failure(of: behaviour, run: run, number: number)
            let seconds = String(format: "%6.2f s", (ContinuousClock.now - began) / .seconds(1))
            switch (failure, lacking.contains(behaviour.name)) {
            case (nil, false):
                passed += 1
                Self.say("ok     \(seconds)  \(behaviour.name)")
            case (let failure?, true):
                lacked += 1
                Self.say("lacks  \(seconds)  \(behaviour.name): \(failure)")
            case (nil, true):
                unexpected += 1
                Self.say("FAILED \(seconds)  \(behaviour.name): it works, though it is said to be lacking")
            case (let failure?, false):
                unexpected += 1
                Self.say("FAILED \(seconds)  \(behaviour.name): \(failure)")
            }
        }
        Self.say("\(passed) ok, \(lacked) lacking, \(unexpected) failed, of \(chosen.count) behaviours at \(url)")
        return unexpected == 0
    }

    private func failure(of behaviour: Behaviour, run: String, number: Int) async -> String? {
        do {
            var configuration = try PulsarClientConfiguration(serviceURL: url)
            configuration.operationTimeout = .seconds(5)
            let settings = configuration
            try await PulsarClient.withClient(settings, logger: Self.quiet) { client in
                let ground = Ground(
                    client: client, configuration: settings, run: run, behaviour: String(number))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await behaviour.run(ground) }
                    group.addTask {
                        try await Task.sleep(for: Self.limit)
                        throw Deviation(description: "not done in \(Self.limit)")
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
