import ArgumentParser
import AsyncHTTPClient
import Hearth
import Verify

/// Which Hearth is verified.
struct VerifyServer: ParsableArguments {
    @Option(
        name: .customLong("url"),
        help: ArgumentHelp("The Hearth to verify (default: the one of server.host and server.port).", valueName: "url"))
    var address: String?
    @Option(help: ArgumentHelp("An API key that may change projects, where keys are needed.", valueName: "key"))
    var key: String?
    @Option(help: ArgumentHelp("A file with that key, so that it stands in no list of processes.", valueName: "file"))
    var keyFile: String?

    func validate() throws {
        guard key == nil || keyFile == nil else { throw ValidationError("Give --key or --key-file, not both.") }
    }

    func url(_ configuration: EffectiveConfiguration) -> String {
        if let address { return address }
        let host = configuration[.host] == "0.0.0.0" ? "127.0.0.1" : configuration[.host]
        return "http://\(host):\(configuration[.port])"
    }

    /// - Throws: ``ConfigurationError`` if the file of the key cannot be read.
    func api(_ configuration: EffectiveConfiguration) throws -> HTTPHearthAPI {
        HTTPHearthAPI(
            url: url(configuration), key: try ownKey(), client: HTTPPools.pool("verify") { HTTPClient.Configuration() })
    }

    private func ownKey() throws -> String? {
        guard let keyFile else { return key }
        let text = String(decoding: try VerifyFiles.read(keyFile), as: UTF8.self).trimmingWhitespace()
        guard !text.isEmpty else { throw ConfigurationError("\(keyFile) holds no key. Make one: hearth keys create") }
        return text
    }
}
