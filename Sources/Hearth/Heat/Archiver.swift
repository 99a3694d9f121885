public import FoundationEssentials
public import Logging

/// Moves history between a timeline's storage and the archive, so that every message is in one of them at any moment.
///
/// An object is stored before the manifest knows it, and deleted after the manifest has forgotten it; the change of the
/// manifest is one transaction that fails if anything else has changed. So a process that ends in between leaves at most an
/// object that nobody knows, which ``sweep(storedBefore:)`` removes.
public struct Archiver: Sendable {
    let storage: any TimelineStorage
    public let archive: any ArchiveStore
    let codec: HistoryCodec
    let now: @Sendable () -> Date
    private let logger: Logger

    /// - Parameter now: the time, for tests that must not wait.
    public init(
        storage: any TimelineStorage,
        archive: any ArchiveStore,
        codec: HistoryCodec,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.storage = storage
        self.archive = archive
        self.codec = codec
        self.logger = logger
        self.now = now
    }

    /// Moves what is hot and warm of the sessions into one object.
    ///
    /// - Returns: how many messages were moved; 0 if there was nothing to move, or if a session keeps changing: nothing is
    ///   moved then.
    public func archive(_ ids: [SessionID], of project: ProjectID?) async throws -> Int {
        for _ in 0..<3 {
            var sessions: [HeldSession] = []
            for id in ids {
                if let held = try await storage.held(id), !held.messages.isEmpty { sessions.append(held) }
            }
            let draft = try ArchiveDraft(
                sessions.map { ($0.id, $0.messages) }, of: project, codec: codec, now: now())
            guard let draft else { return 0 }
            try await store(draft)
            if try await storage.archive(sessions, in: draft.object, parts: draft.parts) {
                return draft.object.messages
            }
        }
        return 0
    }

    /// Brings what is cold of a session back into rows.
    ///
    /// - Returns: how many messages came back.
    /// - Throws: ``StoreError``; a `conflict` if the session keeps changing meanwhile.
    public func thaw(_ session: SessionID) async throws -> Int {
        for _ in 0..<5 {
            let parts = try await storage.page(of: session, before: nil, limit: 0).parts
            guard !parts.isEmpty else { return 0 }
            var messages: [Message] = []
            for part in parts { messages += try await self.messages(of: part) }
            if try await storage.thaw(messages.united(), of: session, from: parts) {
                await mendNow()
                return messages.united().count
            }
        }
        throw StoreError(.conflict, "The session \(session) changes while it is thawed. Try again.")
    }

    /// The messages of several parts; each frame is read once.
    func messages(of parts: [ArchivePart]) async throws -> [SessionID: [Message]] {
        var sessions: [SessionID: [Message]] = [:]
        for (frame, members) in Dictionary(grouping: parts, by: { Frame(object: $0.object, range: $0.frame) }) {
            let all = Dictionary(
                grouping: try codec.decode(try await archive.read(frame.object, bytes: frame.range)), by: \.sessionID)
            for part in members {
                sessions[part.session, default: []] += try check(all[part.session] ?? [], of: part)
            }
        }
        return sessions
    }

    private struct Frame: Hashable {
        let object: String
        let range: Range<Int>
    }

    /// The messages of one part.
    func messages(of part: ArchivePart) async throws -> [Message] {
        let messages = try codec.decode(
            try await archive.read(part.object, bytes: part.frame), of: part.session)
        return try check(messages, of: part)
    }

    private func check(_ messages: [Message], of part: ArchivePart) throws -> [Message] {
        guard messages.count == part.tally.messages else {
            throw StoreError(
                .corrupt,
                "\(part.object) in \(archive.location) has \(messages.count) messages of session \(part.session), not "
                    + "\(part.tally.messages). Restore it from a backup.")
        }
        return messages
    }

    /// Writes objects anew without what was thawed or deleted, and removes those of which nothing is left.
    ///
    /// - Returns: how many were written anew or removed.
    public func mend(limit: Int = 100) async throws -> Int {
        var mended = 0
        for object in try await storage.objectsWithHoles(limit: limit) where try await mend(object) { mended += 1 }
        for key in try await storage.objectsBeingDeleted(limit: limit) {
            try await finishDeleting(key)
            mended += 1
        }
        return mended
    }

    /// ``mend(limit:)`` where a failure must not be one of the caller: what is left is done by the next heat run.
    func mendNow(within patience: Duration = .seconds(20)) async {
        do {
            _ = try await patiently(patience) { try await mend() }
        } catch {
            logger.warning("the archive keeps deleted history until the next heat run", metadata: ["error": "\(error)"])
        }
    }

    /// Removes objects that no manifest knows: what a process left that ended before its transaction.
    ///
    /// - Parameter date: younger ones may be on their way into the manifest.
    /// - Returns: how many were removed.
    public func sweep(storedBefore date: Date) async throws -> Int {
        var orphans: [String] = []
        for try await listing in try await archive.list(ArchiveObject.prefix) where listing.storedAt < date {
            // Checked again, and for good, by what begins the deletion.
            if try await storage.parts(of: listing.key).isEmpty { orphans.append(listing.key) }
        }
        var removed = 0
        for key in orphans where try await storage.beginDeleting(key) {
            try await finishDeleting(key)
            removed += 1
        }
        return removed
    }

    private func mend(_ object: ArchiveObject) async throws -> Bool {
        let parts = try await storage.parts(of: object.key)
        if parts.isEmpty {
            guard try await storage.beginDeleting(object.key) else { return false }
            try await finishDeleting(object.key)
            return true
        }
        let draft = try ArchiveDraft(
            try await messages(of: parts).map { ($0.key, $0.value.united()) }, of: object.projectID, codec: codec,
            now: now())
        guard let draft else { return false }
        try await store(draft)
        guard try await storage.replace(object, with: draft.object, parts: draft.parts) else {
            return false
        }
        try await finishDeleting(object.key)
        return true
    }

    private func store(_ draft: ArchiveDraft) async throws {
        try await archive.put(draft.bytes, at: draft.object.key)
        let stored = try await archive.listing(draft.object.key)
        guard stored?.bytes == draft.object.bytes else {
            throw StoreError(
                .corrupt,
                "\(draft.object.key) in \(archive.location) has \(stored?.bytes ?? 0) bytes after it was written, not "
                    + "\(draft.object.bytes). Nothing was taken out of the timeline. Check the store.")
        }
    }

    private func finishDeleting(_ key: String) async throws {
        try await archive.delete(key)
        try await storage.endDeleting(key)
    }
}
