import FoundationEssentials

/// An object of the archive before it is stored: frames of whole sessions, compressed one by one, so that a session is read
/// without the rest.
struct ArchiveDraft: Sendable {
    /// What is put into one frame before the next begins. Larger frames are smaller compressed (of real text, 8 MB leave a
    /// fifth less than 1 MB), and slower to read from: all of a frame is unpacked for one session.
    static let frameBytes = 8 << 20

    let bytes: [UInt8]
    let object: ArchiveObject
    let parts: [ArchivePart]

    /// - Parameter sessions: with their messages in order; sessions without any take no part.
    /// - Returns: `nil` if there is no message. Equal sessions give equal bytes, and another key each time.
    init?(
        _ sessions: [(id: SessionID, messages: [Message])],
        of project: ProjectID?,
        codec: HistoryCodec,
        now: Date
    ) throws {
        var frames: [(bytes: [UInt8], members: [Member])] = []
        var raw: [UInt8] = []
        var members: [Member] = []
        func close() throws {
            guard !members.isEmpty else { return }
            frames.append((try codec.compress(raw), members))
            (raw, members) = ([], [])
        }
        for session in sessions.sorted(by: { $0.id.rawValue < $1.id.rawValue }) {
            guard let first = session.messages.first, let last = session.messages.last else { continue }
            let lines = try HistoryLines.encode(session.messages)
            members.append(
                Member(
                    session: session.id, messages: session.messages.count, rawBytes: lines.count,
                    oldest: first.createdAt, newest: last.createdAt))
            raw += lines
            if raw.count >= Self.frameBytes { try close() }
        }
        try close()
        guard !frames.isEmpty else { return nil }

        bytes = frames.flatMap(\.bytes)
        let sha256 = Digest.sha256(bytes)
        let key = ArchiveObject.newKey(projectID: project, sha256: sha256, suffix: codec.suffix)
        var parts: [ArchivePart] = []
        var offset = 0
        for frame in frames {
            let range = offset..<offset + frame.bytes.count
            parts += frame.members.map { $0.part(of: key, in: range, among: frame.members) }
            offset = range.upperBound
        }
        self.parts = parts
        object = ArchiveObject(
            key: key, projectID: project, sha256: sha256, bytes: bytes.count,
            messages: parts.reduce(0) { $0 + $1.tally.messages }, createdAt: now)
    }

    private struct Member {
        let session: SessionID
        let messages: Int
        let rawBytes: Int
        let oldest: Date
        let newest: Date

        func part(of key: String, in frame: Range<Int>, among members: [Member]) -> ArchivePart {
            let whole = members.reduce(0) { $0 + $1.rawBytes }
            return ArchivePart(
                session: session, object: key, frame: frame,
                tally: HeatTally(messages: messages, bytes: frame.count * rawBytes / max(whole, 1)),
                oldest: oldest, newest: newest)
        }
    }
}
