public import FoundationEssentials

/// A timeline that keeps messages itself, in rows (hot) and compressed (warm), and a manifest of those in the archive (cold).
///
/// It knows where cold messages are and does not read them: ``ArchivedTimeline`` does. Its own ``Timeline/messages(in:before:limit:)``
/// are hot and warm ones. All methods throw ``StoreError``, and each is one transaction.
///
/// A message may come again when its first writing is warm or cold already (a task that was repeated): it is kept again then,
/// and whoever reads takes each id once.
public protocol TimelineStorage: Timeline {
    /// How much there is, by project and tier; tiers that hold nothing are left out.
    func usage() async throws -> [HeatUsage]
    /// Sessions of the project (`nil`: of none) that have messages in one of `tiers` and were not used since `date`; the one
    /// that was not used for longest first, those of the same moment by id.
    ///
    /// - Parameter last: the last one of the page before.
    func sessions(
        having tiers: Set<Heat>,
        of project: ProjectID?,
        usedBefore date: Date,
        after last: SessionHeat?,
        limit: Int
    ) async throws -> [SessionHeat]
    /// Compresses what is hot of the session; nothing if nothing is.
    func cool(_ session: SessionID) async throws
    /// Gives back the space of hot messages that are not there any more, where messages are kept in chunks of time: those that
    /// are empty and ended before `date`. A message that comes late is kept all the same.
    ///
    /// - Returns: how many chunks were dropped.
    func dropEmptyChunks(before date: Date) async throws -> Int
    /// Messages as ``Timeline/messages(in:before:limit:)`` gives them, and where the cold ones before `before` are, at one moment.
    func page(of session: SessionID, before: Date?, limit: Int) async throws -> TimelinePage

    /// All that is hot and warm of a session; `nil` if there is no such session.
    func held(_ session: SessionID) async throws -> HeldSession?
    /// Takes what is hot and warm of `sessions` out and notes where it is now. The object must be safe already.
    ///
    /// - Returns: `false`, and nothing has changed, if one of the sessions has another revision by now or is gone, or if the
    ///   object is being deleted or was.
    func archive(_ sessions: [HeldSession], in object: ArchiveObject, parts: [ArchivePart]) async throws -> Bool
    /// Puts cold messages back into rows, and counts as a use of the session. `parts` are where they were read.
    ///
    /// - Returns: `false`, and nothing has changed, if the session's parts are others by now.
    func thaw(_ messages: [Message], of session: SessionID, from parts: [ArchivePart]) async throws -> Bool

    /// The manifest, in the order of the keys: objects whose key comes after `key`.
    func archiveObjects(after key: String?, limit: Int) async throws -> [ArchiveObject]
    /// Objects that hold messages of no part.
    func objectsWithHoles(limit: Int) async throws -> [ArchiveObject]
    /// What of an object belongs to a session, in the order of the frames.
    func parts(of object: String) async throws -> [ArchivePart]
    /// Puts another object in the place of `old`, which is being deleted from then on. The new one must be safe already.
    ///
    /// - Returns: `false`, and nothing has changed, if the parts of `old` hold other sessions or other numbers of messages by
    ///   now than `parts`, or if the new object is being deleted or was.
    func replace(_ old: ArchiveObject, with object: ArchiveObject, parts: [ArchivePart]) async throws -> Bool
    /// Notes that an object is being deleted, known or not, so that nothing is archived in it from now on. No key is used
    /// twice, so that a deletion that comes late, or again, takes nothing that was written since.
    ///
    /// - Returns: `false` if it has parts.
    func beginDeleting(_ key: String) async throws -> Bool
    /// Objects that are being deleted.
    func objectsBeingDeleted(limit: Int) async throws -> [String]
    /// Forgets an object that was being deleted and is gone.
    func endDeleting(_ key: String) async throws
}
