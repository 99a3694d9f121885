/// What every connection of a client is made with.
struct ConnectionSettings: Sendable {
    static let clientVersion = "Hearth-Pulsar-Swift 1"
    /// The protocol's version 20; what came after version 12 only adds commands.
    static let protocolVersion: Int32 = 20

    var authentication: Authentication
    var tls: TLSConfigurationOptions
    var connectTimeout: Duration
    var operationTimeout: Duration
    var keepAlive: Duration
}
