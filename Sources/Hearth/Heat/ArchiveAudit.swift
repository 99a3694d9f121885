import FoundationEssentials

/// Reads every object of the archive and compares it with the manifest.
public struct ArchiveAudit: Sendable {
    /// What an audit saw.
    public struct Report: Hashable, Sendable, Codable {
        public var objects = 0
        public var messages = 0
        public var bytes = 0
        /// Objects that no manifest knows: the next heat run removes them.
        public var orphans = 0
        public var faults: [ArchiveFault] = []

        public init() {}
    }

    private let archiver: Archiver

    public init(_ archiver: Archiver) { self.archiver = archiver }

    /// - Throws: ``StoreError`` if the storage or the listing cannot be read; what is wrong with an object is a fault of the
    ///   report.
    public func run() async throws -> Report {
        var report = Report()
        var known: Set<String> = []
        var last: String?
        while true {
            let page = try await archiver.storage.archiveObjects(after: last, limit: 100)
            for object in page {
                known.insert(object.key)
                report.objects += 1
                report.bytes += object.bytes
                do {
                    report.messages += try await check(object)
                } catch let error as StoreError {
                    report.faults.append(ArchiveFault(object: object.key, message: "\(error)"))
                }
            }
            guard page.count == 100 else { break }
            last = page.last?.key
        }
        for try await listing in try await archiver.archive.list(ArchiveObject.prefix)
        where !known.contains(listing.key) {
            report.orphans += 1
        }
        return report
    }

    private func check(_ object: ArchiveObject) async throws -> Int {
        let bytes = try await archiver.archive.read(object.key, bytes: 0..<object.bytes)
        guard Digest.sha256(bytes) == object.sha256 else {
            throw StoreError(.corrupt, "Its bytes are not those that were written. Restore it from a backup.")
        }
        let parts = try await archiver.storage.parts(of: object.key)
        return try await archiver.messages(of: parts).values.reduce(0) { $0 + $1.count }
    }
}
