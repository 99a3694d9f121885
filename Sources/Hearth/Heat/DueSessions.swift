import FoundationEssentials

/// The sessions of one project that have to leave a tier: those that are too old, and then, beginning with those that were not
/// used for longest, as many as are needed to come below the limit in bytes.
struct DueSessions: Sendable {
    let storage: any TimelineStorage
    let project: ProjectID?
    let policy: HeatPolicy
    let usage: [HeatUsage]
    let now: Date

    /// - Parameters:
    ///   - heat: the tier that is left.
    ///   - tiers: where sessions that are too old may be; a limit in bytes concerns only those that are in `heat`.
    func forEach(
        leaving heat: Heat,
        having tiers: Set<Heat>,
        _ body: (SessionHeat) async throws -> Void
    ) async throws {
        let deadline = policy.deadline(of: heat, at: now) ?? .distantPast
        let used = usage.first { $0.heat == heat }?.tally.bytes ?? 0
        var excess = policy.bytes(of: heat).map { used - $0 } ?? 0
        var last: SessionHeat?
        while true {
            let page = try await storage.sessions(
                having: tiers, of: project, usedBefore: excess > 0 ? .distantFuture : deadline, after: last, limit: 200)
            for session in page {
                let isTooOld = session.usedAt < deadline
                guard isTooOld || excess > 0 && session[heat].bytes > 0 else { continue }
                try await body(session)
                excess -= session[heat].bytes
            }
            guard page.count == 200 else { return }
            last = page.last
        }
    }
}
