extension Consumer {
    /// Goes on with the message of that id, in all topics; ``MessageID/earliest`` and ``MessageID/latest`` are places too.
    ///
    /// - Throws: ``PulsarError``; with code `notAllowed` for several topics and an id that belongs to one of them.
    public func seek(to id: MessageID) async throws {
        let sessions = sessions
        guard sessions.count == 1 || id == .earliest || id == .latest else {
            throw PulsarError(.notAllowed, "An id belongs to one topic or partition; this consumer has several.")
        }
        try await seek(to: .message(id), sessions)
    }

    /// Goes on with the first message that was published at or after a time.
    ///
    /// - Parameter publishTime: milliseconds since 1970.
    /// - Throws: ``PulsarError``.
    public func seek(toPublishTime publishTime: UInt64) async throws {
        try await seek(to: .publishTime(publishTime), sessions)
    }

    private func seek(to target: SeekTarget, _ sessions: [ConsumerSession]) async throws {
        for session in sessions {
            try await session.seek(to: target)
            perform { $0.machine.cleared(session.source) }
        }
    }

    /// The id of the last message of each topic or partition.
    ///
    /// - Throws: ``PulsarError``.
    public func lastMessageIDs() async throws -> [String: MessageID] {
        var ids: [String: MessageID] = [:]
        for session in sessions { ids[session.topic.description] = try await session.lastMessageID().last }
        return ids
    }

    /// Removes the subscription from the broker, with everything that it has not delivered, and closes the consumer.
    ///
    /// - Throws: ``PulsarError``; then the consumer stays as it is.
    public func unsubscribe() async throws {
        for session in sessions { try await session.unsubscribe() }
        await close()
    }
}
