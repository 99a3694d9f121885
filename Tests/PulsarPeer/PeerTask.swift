import Foundation

/// What a test asks of the client, as JSON.
struct PeerTask: Codable {
    enum Kind: String, Codable {
        /// Publishes the lines of standard input; prints a line with the id of each.
        case publish
        /// Receives and acknowledges; prints a line for each message.
        case consume
        /// Rejects each message again and again, until nothing comes any more.
        case reject
        /// Reads without a subscription.
        case read
    }

    var kind: Kind
    var url: String
    var topic: String
    /// `publish`: all lines in one batch, as far as they leave together.
    var isBatched: Bool?
    var isChunked: Bool?
    var compression: String?
    /// How many messages to receive; what comes twice counts once.
    var count: Int?
    /// `reject`: dead letters after so many redeliveries.
    var maximumRedeliveries: Int?
    /// `read`: begins behind this id.
    var after: Data?
}
