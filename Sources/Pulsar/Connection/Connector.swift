import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections: TCP, TLS, handshake.
struct Connector: Sendable {
    let settings: ConnectionSettings
    let eventLoop: any EventLoop
    let jobs: JobQueue
    let logger: Logger

    /// - Parameters:
    ///   - physical: who is connected to.
    ///   - proxiedTo: the broker that a proxy at `physical` is to pass everything to, as `host:port`.
    /// - Throws: ``PulsarError``, whose message names the address.
    func connect(_ physical: ServiceURL.Address, usesTLS: Bool, proxiedTo: String?) async throws -> Connection {
        let credentials = try await credentials()
        let tls = usesTLS ? try tlsContext() : nil
        let channel = try await open(physical)
        let name = proxiedTo.map { "\($0) by way of \(physical)" } ?? "\(physical)"
        do {
            return try await shakeHands(channel, name, physical, tls, credentials, proxiedTo)
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    private func credentials() async throws -> [UInt8] {
        do {
            return try await settings.authentication.credentials()
        } catch let error where !(error is CancellationError) {
            throw PulsarError(.authenticationFailed, "The credentials cannot be had.", underlying: error)
        }
    }

    private func open(_ address: ServiceURL.Address) async throws -> any Channel {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(settings.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Frames are only read once their handlers are in place.
            .channelOption(.autoRead, value: false)
        do {
            return try await bootstrap.connect(host: address.host, port: address.port).get()
        } catch {
            throw PulsarError(
                .connectionFailed, "Nobody answers at \(address): is a broker running there?", underlying: error)
        }
    }

    private func shakeHands(
        _ channel: any Channel,
        _ name: String,
        _ address: ServiceURL.Address,
        _ tls: NIOSSLContext?,
        _ credentials: [UInt8],
        _ proxiedTo: String?
    ) async throws -> Connection {
        let (outcome, continuation) = AsyncThrowingStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let connection = Connection(channel: channel, address: name, settings: settings, jobs: jobs, logger: logger) {
            switch $0 {
            case .success: continuation.yield()
            case .failure(let error): continuation.finish(throwing: error)
            }
        }
        let tick = TimeAmount(min(.seconds(1), settings.operationTimeout / 4, settings.keepAlive / 4))
        do {
            try await channel.eventLoop.submit {
                if let tls {
                    let hostname = address.isIPAddress ? nil : address.host
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: hostname))
                }
                try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(FrameDecoder()))
                try channel.pipeline.syncOperations.addHandler(ConnectionHandler(connection, tick: tick))
                try channel.syncOptions?.setOption(.autoRead, value: true)
                if tls == nil,
                    let socket = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable({
                        (handle: NIOBSDSocket.Handle) in DirectSocket(handle)
                    }) ?? nil
                {
                    connection.open(socket)
                }
            }.get()
        } catch {
            throw PulsarError(.connectionFailed, "No connection to \(name) can be set up.", underlying: error)
        }
        var connect = WireConnect()
        connect.clientVersion = ConnectionSettings.clientVersion
        connect.protocolVersion = ConnectionSettings.protocolVersion
        connect.authMethodName = settings.authentication.method
        if !credentials.isEmpty { connect.authData = Data(credentials) }
        connect.featureFlags.supportsAuthRefresh = true
        connect.featureFlags.supportsBrokerEntryMetadata = true
        if let proxiedTo { connect.proxyToBrokerURL = proxiedTo }
        connection.write(.connect(connect))
        try await awaitHandshake(outcome, name)
        return connection
    }

    private func awaitHandshake(_ outcome: AsyncThrowingStream<Void, any Error>, _ name: String) async throws {
        let limit = settings.connectTimeout
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for try await _ in outcome { return } }
            group.addTask {
                try await Task.sleep(for: limit)
                throw PulsarError(.connectionFailed, "The broker at \(name) did not finish the handshake in \(limit).")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    private func tlsContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let options = settings.tls
        do {
            if let file = options.trustedCertificatesFile { configuration.trustRoots = .file(file) }
            if options.allowsInsecureConnection {
                configuration.certificateVerification = .none
            } else if !options.verifiesHostname {
                configuration.certificateVerification = .noHostnameVerification
            }
            if let certificate = settings.authentication.certificate {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.chain).map {
                    .certificate($0)
                }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw PulsarError(
                .invalidConfiguration, "The TLS files cannot be read: check their paths and that they are PEM.",
                underlying: error)
        }
    }
}

extension ServiceURL.Address {
    /// TLS takes a server's name, but not its number.
    var isIPAddress: Bool { (try? SocketAddress(ipAddress: host, port: port)) != nil }
}
