/// What a scripted server does with one request for vectors.
public enum EmbeddingScript: Sendable {
    /// The vectors of its model, by the words of the texts.
    case vectors
    /// These vectors, whatever was asked.
    case sends([[Float]])
    /// An error with this status and body.
    case refuses(Int, String)
    /// Something first, for example waiting for a test.
    case after(@Sendable () async throws -> Void)
}
