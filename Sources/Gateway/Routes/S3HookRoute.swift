import HTTPTypes
import Hearth
import Hummingbird
import OpenAI

/// `POST /v1/hooks/s3`: takes notifications of buckets, and has the projects whose source changed look there.
///
/// The secret stands behind the path (`/v1/hooks/s3/<secret>`), in the field `X-Hearth-Hook-Secret`, as bearer token, or in the
/// `opaqueData` of all records. Without a secret in the settings there is no such route.
struct S3HookRoute: Sendable {
    /// Where the door asks for no API key.
    static let path = "/v1/hooks/s3"
    private static let secretName = HTTPField.Name("X-Hearth-Hook-Secret")
    private static let longestBody = 4 << 20
    /// More paths of one project than these are found faster by a listing.
    private static let mostPaths = 200

    let parts: GatewayParts
    private let secret: HookSecret

    /// `nil` where the settings have no secret.
    init?(parts: GatewayParts) {
        guard let secret = parts.settings.s3HookSecret else { return nil }
        self.parts = parts
        self.secret = secret
    }

    private struct View: Encodable, Sendable {
        let object = "s3_hook"
        let projects: [ProjectID]
        let changed: Int
        let deleted: Int
    }

    func add(to table: inout RouteTable) {
        table.on(.post, Self.path, use: take)
        table.on(.post, Self.path + "/:secret", use: take)
    }

    private func take(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let isKnown = isKnown(request, context)
        // Before the secret is known to be in the body, somebody unknown may make us read it, but not much of it.
        let body = try await request.bytes(limit: isKnown ? Self.longestBody : 256 << 10)
        let events: ObjectEvents
        do {
            events = try ObjectEvents(body)
        } catch {
            guard isKnown else { throw Self.unknownCaller }
            throw APIError.invalid("The body is no notification of an object store.", param: nil)
        }
        guard isKnown || secret.matches(events.opaqueData) else { throw Self.unknownCaller }
        // Answered only when the bus has everything: whoever notifies asks again otherwise.
        return .json(try await pass(on: events.events))
    }

    private func isKnown(_ request: Request, _ context: GatewayContext) -> Bool {
        if secret.matches(context.parameters.get("secret").map { PercentText.decoded($0) }) { return true }
        if let name = Self.secretName, secret.matches(request.headers[name]) { return true }
        guard let field = request.headers[.authorization] else { return false }
        let words = field.split(separator: " ", maxSplits: 1)
        return words.count == 2 && words[0].lowercased() == "bearer" && secret.matches(words[1])
    }

    private func pass(on events: [ObjectEvents.Event]) async throws -> View {
        var view = (projects: [ProjectID](), changed: 0, deleted: 0)
        guard !events.isEmpty else { return View(projects: [], changed: 0, deleted: 0) }
        for project in try await parts.ports.timeline.projects() {
            guard let place = ObjectLocation(project.source) else { continue }
            let mine = events.filter { $0.bucket == place.bucket && place.holds($0.key) }
            guard !mine.isEmpty else { continue }
            let paths = Set(mine.compactMap { place.path(of: $0.key) })
            guard let report = try await look(project, paths: paths) else { continue }
            view.projects.append(project.id)
            view.changed += report.changed
            view.deleted += report.deleted
        }
        return View(projects: view.projects, changed: view.changed, deleted: view.deleted)
    }

    /// Has a project compared; `nil` where nothing is left in the bucket that could be: the index stays as it is, and to
    /// hear of that again would change nothing.
    private func look(_ project: Project, paths: Set<String>) async throws -> ReconcileReport? {
        do {
            // An archive has no paths of its own in the bucket: all of it is compared.
            if let ingestPaths = parts.ports.ingestPaths, !paths.isEmpty {
                if paths.count <= Self.mostPaths { return try await ingestPaths(project, paths) }
                do {
                    if let ingest = parts.ports.ingest { return try await ingest(project) }
                } catch let error as StoreError where error.code == .empty {
                    return try await ingestPaths(project, paths)
                }
            }
            if let ingest = parts.ports.ingest { return try await ingest(project) }
        } catch let error as StoreError where error.code == .empty {
            return nil
        } catch let error as StoreError {
            // Whatever it is, it is not the notification's fault: it is to be sent again.
            throw APIError(.serviceUnavailable, error.message, type: "server_error", code: "source_unreachable")
        }
        throw APIError(
            .serviceUnavailable, "This gateway cannot reach the sources. Point the notification at another one.",
            type: "server_error", code: "ingest_not_available")
    }

    private static var unknownCaller: APIError {
        APIError(
            .unauthorized, "The secret of this hook is missing or wrong. Set it as in hooks.s3_secret.",
            code: "invalid_hook_secret")
    }
}
