import Backends
import Hearth
import Qdrant

/// Looks at the servers that keep what is kept: database, index and archive.
struct StoreExamination: Sendable {
    let factory: StoreFactory

    /// Nothing for what is a file of this machine.
    func findings() async -> [Finding] {
        var findings: [Finding] = []
        if factory.configuration[.storageKind] == "postgres" { findings += await postgres() }
        if factory.configuration[.indexKind] == "qdrant" { findings.append(await qdrant()) }
        findings.append(await archive())
        return findings
    }

    private func postgres() async -> [Finding] {
        do {
            let store = try await factory.postgres()
            let report = try await store.report()
            await store.close()
            let timescale = report.timescaleVersion.map { ", TimescaleDB \($0) (\(report.edition.rawValue))" } ?? ""
            let detail = "PostgreSQL \(report.serverVersion)\(timescale)"
            guard !report.remarks.isEmpty else { return [.ok("postgres", detail)] }
            return [.warning("postgres", "\(detail). \(report.remarks.joined(separator: " "))", remedy: "")]
        } catch {
            return [.failure("postgres", "\(error)", remedy: "Start the server, or check postgres.url.")]
        }
    }

    private func qdrant() async -> Finding {
        do {
            let version = try await factory.qdrant().version()
            return .ok("qdrant", "Qdrant \(version) at \(factory.configuration[.qdrantURL])")
        } catch {
            return .failure("qdrant", "\(error)", remedy: "Start the server, or check qdrant.url and qdrant.api_key.")
        }
    }

    private func archive() async -> Finding {
        do {
            let archive = try factory.archive()
            var objects = 0
            for try await _ in try await archive.list(ArchiveObject.prefix) { objects += 1 }
            return .ok("archive", "\(objects) objects in \(archive.location)")
        } catch {
            return .failure("archive", "\(error)", remedy: "Check archive.location and the settings s3.….")
        }
    }
}
