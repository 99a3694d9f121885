import CPostgres

/// One libpq connection. Its methods wait for the server: only the connection's own thread calls them.
final class Session {
    let handle: OpaquePointer
    let place: String
    let wake: WakeSignal
    var statements = StatementCache(capacity: 256)
    /// Set when the two sides no longer agree on what comes next.
    var isBroken = false

    private init(_ handle: OpaquePointer, place: String, wake: WakeSignal) {
        self.handle = handle
        self.place = place
        self.wake = wake
    }

    deinit { PQfinish(handle) }

    /// Opens a connection and applies the session's settings.
    static func open(_ configuration: PostgresConfiguration, wake: WakeSignal, _ call: Call) throws -> Session {
        let place = configuration.place
        // An unplugged cable is noticed; a value in the connection string comes later and wins.
        let keywords = ["tcp_user_timeout", "application_name", "client_encoding", "dbname"]
        let values = ["15000", "hearth", "UTF8", configuration.connectionString]
        let handle = withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectStartParams(keywords, values, 1) }
        }
        guard let handle else { throw PostgresError(.outOfSpace, "There is no memory for a connection.") }
        let session = Session(handle, place: place, wake: wake)
        cpostgres_silence(handle)
        // So that a refusal carries the server's code.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        try session.connect(call)
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        PQsetnonblocking(handle, 1)
        for (name, value) in configuration.sessionSettings.sorted(by: { $0.key < $1.key }) {
            let statement = try Statement("SELECT set_config($1, $2, false)", [name, value])
            _ = try session.run(statement, call)
        }
        return session
    }

    private func connect(_ call: Call) throws {
        var status = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING else {
                throw PostgresError(connecting: String(cString: PQerrorMessage(handle)), to: place)
            }
            do {
                try wait(forWriting: status == PGRES_POLLING_WRITING, call)
            } catch Call.Stop.timedOut {
                throw PostgresError(
                    .connectionFailed, "\(place) did not answer in time. \(PostgresError.Code.connectionFailed.remedy)")
            }
            status = PQconnectPoll(handle)
        }
    }

    /// Whether the server hung up while nobody looked. Nothing must be in flight.
    func isAlive() -> Bool {
        guard !isBroken, PQstatus(handle) == CONNECTION_OK else { return false }
        // What it said before it hung up comes first. Who says more than this is alive.
        for _ in 0..<16 {
            let ready = cpostgres_wait(PQsocket(handle), false, wake.descriptor, 0)
            guard ready >= 0 else { return false }
            if ready & Int32(CPOSTGRES_SOCKET) == 0 { return true }
            guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { return false }
        }
        return true
    }

    /// Whether the connection can be lent to somebody else.
    var isIdle: Bool { !isBroken && PQtransactionStatus(handle) == PQTRANS_IDLE }

    /// Waits for the server.
    /// - Throws: ``Call/Stop`` when the caller waits no longer.
    func wait(forWriting: Bool, _ call: Call) throws {
        while true {
            let milliseconds = try call.remainingMilliseconds()
            let ready = cpostgres_wait(PQsocket(handle), forWriting, wake.descriptor, milliseconds)
            guard ready >= 0 else { throw lost() }
            // Maybe a call that has ended since: then nothing stops this one.
            if ready & Int32(CPOSTGRES_WOKEN) != 0 { wake.clear() }
            if ready & Int32(CPOSTGRES_SOCKET) != 0 { return }
        }
    }

    func lost() -> PostgresError {
        isBroken = true
        return .lost(place)
    }

    /// What libpq itself did not do.
    func refusal() -> PostgresError {
        if PQstatus(handle) != CONNECTION_OK { return lost() }
        return PostgresError(.invalidStatement, "\(String(cString: PQerrorMessage(handle))) Check the call.")
    }
}

/// Lends the strings as C has them, with a null pointer behind the last.
private func withCStrings<Value>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    let copies = strings.map { Array($0.utf8CString) }
    func lend(_ index: Int, _ pointers: inout [UnsafePointer<CChar>?]) -> Value {
        guard index < copies.count else {
            return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
        }
        return copies[index].withUnsafeBufferPointer { buffer in
            pointers.append(buffer.baseAddress)
            return lend(index + 1, &pointers)
        }
    }
    var pointers: [UnsafePointer<CChar>?] = []
    return lend(0, &pointers)
}
