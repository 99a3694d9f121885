import HTTPTypes
import Hearth
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
}

/// `GET /healthz`, `/readyz` and `/metrics`.
struct HealthRoutes: Sendable {
    let parts: GatewayParts

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
            for (place, check) in parts.readiness.enumerated() {
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
        for topic in TaskTopic.allCases {
            guard let backlog = try? await parts.ports.bus.backlog(of: topic) else { continue }
            parts.instruments.record(backlog, of: topic)
        }
        return .text(parts.metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
