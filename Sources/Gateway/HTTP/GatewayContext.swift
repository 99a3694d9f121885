import Hearth
import Hummingbird
import NIOCore

/// What is known of a request while it is served.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection; its end is the end of the client's interest.
    let channel: any Channel
    let requestID = CorrelationID.next()
    var caller = Caller.local

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Who asks.
struct Caller: Hashable, Sendable {
    let name: String
    /// `nil`: everything.
    let projects: Set<ProjectID>?

    /// Somebody on this machine, where no key is needed.
    static let local = Caller(name: "local", projects: nil)

    /// Whether there is a key to be fair to.
    var hasKey: Bool { self != .local }

    func maySee(_ project: ProjectID?) -> Bool {
        guard let projects else { return true }
        guard let project else { return false }
        return projects.contains(project)
    }

    var isUnlimited: Bool { projects == nil }
}
