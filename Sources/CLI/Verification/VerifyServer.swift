import ArgumentParser
import AsyncHTTPClient
import Verify

/// Which Hearth is verified.
struct VerifyServer: ParsableArguments {
    @Option(
        name: .customLong("url"),
        help: ArgumentHelp("The Hearth to verify (default: the one of server.host and server.port).", valueName: "url"))
    var address: String?
    @Option(help: ArgumentHelp("An API key that may change projects, where keys are needed.", valueName: "key"))
    var key: String?

    func url(_ configuration: EffectiveConfiguration) -> String {
        if let address { return address }
        let host = configuration[.host] == "0.0.0.0" ? "127.0.0.1" : configuration[.host]
        return "http://\(host):\(configuration[.port])"
    }

    func api(_ configuration: EffectiveConfiguration) -> HTTPHearthAPI {
        HTTPHearthAPI(
            url: url(configuration), key: key, client: HTTPPools.pool("verify") { HTTPClient.Configuration() })
    }
}
