extension HearthAPI {
    /// An answer as its conversation keeps it, which has it a moment after its reader; `nil` if not within `patience`.
    func remembered(_ answer: GivenAnswer, patience: Duration) async throws -> TimelineEntry? {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            let messages = try await timeline(of: answer.origin.sessionID)
            if let message = messages.first(where: {
                $0.role == "assistant" && $0.correlationID == answer.origin.correlationID
            }) {
                return message
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }
}
