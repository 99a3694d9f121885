import CPostgres

/// Wakes a connection's thread that waits for the server.
final class WakeSignal: Sendable {
    let descriptor: Int32

    init() throws(PostgresError) {
        descriptor = cpostgres_wake_make()
        guard descriptor >= 0 else {
            throw PostgresError(.outOfSpace, "This process has too many open files. Raise its limit (ulimit -n).")
        }
    }

    func send() { cpostgres_wake(descriptor) }
    func clear() { cpostgres_wake_clear(descriptor) }
    deinit { cpostgres_wake_close(descriptor) }
}
