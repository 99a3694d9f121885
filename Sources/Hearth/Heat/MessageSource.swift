public import FoundationEssentials

/// A place that holds messages of one session: a compressed block, or a part of an object.
public struct MessageSource: Sendable {
    /// When its first message was created, and its last.
    let oldest: Date
    let newest: Date
    let load: @Sendable () async throws -> [Message]

    public init(oldest: Date, newest: Date, load: @escaping @Sendable () async throws -> [Message]) {
        self.oldest = oldest
        self.newest = newest
        self.load = load
    }
}

extension [Message] {
    /// The last `limit` messages, or those before `before`, oldest first, of these and of `sources`. Places may overlap:
    /// each id comes once. A source that cannot add to the page is not loaded.
    public func page(with sources: [MessageSource], before: Date?, limit: Int) async throws -> [Message] {
        // Stores may keep the times of a source more coarsely than those of a message.
        let rounding = 0.002
        var page = united(before: before, limit: limit)
        for source in sources.sorted(by: { $0.newest > $1.newest }) {
            if let before, source.oldest.addingTimeInterval(-rounding) >= before { continue }
            if page.count >= limit, let first = page.first,
                first.createdAt > source.newest.addingTimeInterval(rounding)
            {
                break
            }
            // What was kept first is what stays: a message that came again later changes nothing.
            page = (try await source.load() + page).united(before: before, limit: limit)
        }
        return page
    }

    /// In the order of their time, each id once.
    public func united(before: Date? = nil, limit: Int = .max) -> [Message] {
        var seen: Set<String> = []
        let unique = filter { message in
            (before.map { message.createdAt < $0 } ?? true) && seen.insert(message.id).inserted
        }
        let ordered = unique.sorted { left, right in
            left.createdAt != right.createdAt ? left.createdAt < right.createdAt : left.id < right.id
        }
        return ordered.suffix(limit)
    }
}
