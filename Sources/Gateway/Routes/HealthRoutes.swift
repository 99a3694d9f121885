import HTTPTypes
public import Hearth
import Hummingbird

/// Something without which the gateway cannot answer.
public struct ReadinessCheck: Sendable {
    public let name: String
    /// Throws if it does not work.
    public let check: @Sendable () async throws -> Void

    public init(_ name: String, check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.check = check
    }

    /// What a process needs to do its work.
    ///
    /// - Parameter generator: `nil` for a process that answers no questions.
    public static func standard(
        bus: any TaskBus,
        ledger: any TaskLedger,
        timeline: any Timeline,
        generator: (any Generator)?
    ) -> [ReadinessCheck] {
        var checks = [
            ReadinessCheck("bus") { _ = try await bus.backlog(of: .answer) },
            ReadinessCheck("ledger") { _ = try await ledger.entry(.next()) },
            ReadinessCheck("timeline") { _ = try await timeline.projects() },
        ]
        if let generator { checks.append(ReadinessCheck("generator") { _ = try await generator.models() }) }
        return checks
    }
}

/// `GET /healthz`, `/readyz` and `/metrics`.
struct HealthRoutes: Sendable {
    let bus: any TaskBus
    let readiness: [ReadinessCheck]
    let metrics: PrometheusMetrics

    private struct Report: Encodable, Sendable {
        struct Finding: Encodable, Sendable {
            let name: String
            let ok: Bool
            let error: String?
        }

        let status: String
        let checks: [Finding]
    }

    func add(to table: inout RouteTable) {
        table.on(.get, "/healthz") { _, _ in .json(Report(status: "ok", checks: [])) }
        table.on(.get, "/readyz", use: ready)
        table.on(.get, "/metrics", use: metrics)
    }

    private func ready(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let findings = await withTaskGroup(of: (Int, Report.Finding).self) { group in
            for (place, check) in readiness.enumerated() {
                group.addTask { (place, await Self.run(check)) }
            }
            var findings: [(Int, Report.Finding)] = []
            for await finding in group { findings.append(finding) }
            return findings.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let isReady = findings.allSatisfy(\.ok)
        return .json(
            Report(status: isReady ? "ok" : "unavailable", checks: findings),
            status: isReady ? .ok : .serviceUnavailable)
    }

    private static func run(_ check: ReadinessCheck) async -> Report.Finding {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await check.check() }
                group.addTask {
                    try await Task.sleep(for: .seconds(5))
                    throw StoreError(.unreachable, "No answer within 5 seconds.")
                }
                defer { group.cancelAll() }
                try await group.next()
            }
            return .init(name: check.name, ok: true, error: nil)
        } catch {
            return .init(name: check.name, ok: false, error: "\(error)")
        }
    }

    private func metrics(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let instruments = Instruments(factory: metrics)
        for topic in TaskTopic.allCases {
            guard let backlog = try? await bus.backlog(of: topic) else { continue }
            instruments.record(backlog, of: topic)
        }
        return .text(metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
