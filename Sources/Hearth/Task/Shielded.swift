/// Runs `body` to its end, whatever becomes of the caller: for what must not be left half done.
package func shielded<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    // check: allow task because an unstructured task does not inherit cancellation; it is awaited at once
    try await Task { try await body() }.value
}
