import Hearth

extension TaskTopic {
    /// The topic that somebody wrote on the command line.
    ///
    /// - Throws: ``ConfigurationError`` that lists what there is.
    static func named(_ name: String) throws -> TaskTopic {
        guard let topic = TaskTopic(rawValue: name) else {
            throw ConfigurationError(
                "'\(name)' is no topic. Topics: \(TaskTopic.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return topic
    }
}
