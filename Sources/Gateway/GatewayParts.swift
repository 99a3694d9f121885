import Hearth
import Logging

/// What the routes share.
struct GatewayParts: Sendable {
    let settings: GatewaySettings
    let ports: GatewayPorts
    let router: ReplyRouter
    let desk: QuestionDesk
    let abandoned: AbandonedAnswers
    let admissions: AdmissionDesk
    let shares: KeyShares
    let catalogue: ModelCatalogue
    let instruments: Instruments
    let metrics: PrometheusMetrics
    let readiness: [ReadinessCheck]
    let logger: Logger

    /// Changes with everything on this side that can change an answer to the same request.
    var fingerprint: String {
        "hearth_" + Digest.sha256(of: [ports.encoders.standard.description, Chunker.version]).prefix(10)
    }
}
