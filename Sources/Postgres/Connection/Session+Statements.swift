import CPostgres

/// Frees a result of libpq's.
final class ResultHandle {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { PQclear(pointer) }
    var status: ExecStatusType { PQresultStatus(pointer) }
}

extension Session {
    /// Runs one statement, prepared once per connection.
    func run(_ statement: Statement, _ call: Call) throws -> PostgresResult {
        try stoppable(call) {
            do {
                return try runPrepared(statement, call)
            } catch let error as PostgresError where error.isStalePlan && isIdle {
                // The tables have changed since, or a proxy gave us another server.
                statements.forget(statement.shape)
                return try runPrepared(statement, call)
            }
        }
    }

    /// Runs any number of statements without parameters, in one transaction unless they say otherwise.
    func run(script: String, _ call: Call) throws {
        try stoppable(call) {
            guard PQsendQuery(handle, script) == 1 else { throw refusal() }
            _ = try lastResult(call)
        }
    }

    private func runPrepared(_ statement: Statement, _ call: Call) throws -> PostgresResult {
        let name: String
        switch statements.use(statement.shape) {
        case .use(let known): name = known
        case .prepare(let new, let evicted):
            name = new
            do { try prepare(statement.shape, as: new, closing: evicted, call) } catch {
                statements.forget(statement.shape)
                throw error
            }
        }
        try send(statement, name: name)
        return try lastResult(call)
    }

    private func prepare(_ shape: Statement.Shape, as name: String, closing evicted: String?, _ call: Call) throws {
        if let evicted {
            guard PQsendQuery(handle, "DEALLOCATE \(evicted)") == 1 else { throw refusal() }
            _ = try lastResult(call)
        }
        let types = shape.types.map { Oid($0.rawValue) }
        guard PQsendPrepare(handle, name, shape.sql, Int32(types.count), types) == 1 else { throw refusal() }
        _ = try lastResult(call)
    }

    private func send(_ statement: Statement, name: String) throws {
        // All values behind one another, so that they are lent as one.
        var bytes: [UInt8] = []
        var offsets: [Int?] = []
        for value in statement.values {
            offsets.append(value == nil ? nil : bytes.count)
            bytes += value ?? []
        }
        // An empty value needs an address too: without one it would be NULL.
        bytes.append(0)
        let lengths = statement.values.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: lengths.count)
        let sent = bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let pointers: [UnsafePointer<CChar>?] = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return PQsendQueryPrepared(handle, name, Int32(pointers.count), pointers, lengths, formats, 1)
        }
        guard sent == 1 else { throw refusal() }
    }

    /// Runs `body`; if its caller stops waiting, has the server stop too, so that the connection can be used again.
    func stoppable<Value>(_ call: Call, _ body: () throws -> Value) throws -> Value {
        do {
            _ = try call.remainingMilliseconds()
            return try body()
        } catch let stop as Call.Stop {
            stopServer()
            switch stop {
            case .cancelled: throw CancellationError()
            case .timedOut:
                throw PostgresError(
                    .timeout, "\(place) did not answer in time. Try again, or allow more time for the statement.")
            }
        }
    }

    /// Asks the server to give up what it does, and reads what it still says. A connection that stays silent is broken.
    func stopServer() {
        guard PQtransactionStatus(handle) == PQTRANS_ACTIVE else { return }
        if let cancel = PQgetCancel(handle) {
            var reason = [CChar](repeating: 0, count: 256)
            _ = PQcancel(cancel, &reason, Int32(reason.count))
            PQfreeCancel(cancel)
        }
        let grace = Call(timeout: .seconds(5))
        do {
            while let result = try nextResult(grace) {
                switch result.status {
                case PGRES_COPY_IN: PQputCopyEnd(handle, "The client has stopped.")
                case PGRES_COPY_OUT: try discardCopied(grace)
                default: break
                }
            }
        } catch {
            isBroken = true
        }
    }

    /// Reads all results; the last one counts, or the first error.
    func lastResult(_ call: Call) throws -> PostgresResult {
        var last = PostgresResult()
        var failure: PostgresError?
        while let result = try nextResult(call) {
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = PostgresResult(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                isBroken = true
                throw PostgresError(.invalidStatement, "COPY is no query. Use copyIn or copyOut.")
            default: failure = failure ?? error(of: result)
            }
        }
        if let failure { throw failure }
        return last
    }

    /// The next result of what was sent; `nil` at the end.
    func nextResult(_ call: Call) throws -> ResultHandle? {
        try flush(call)
        while PQisBusy(handle) == 1 {
            try wait(forWriting: false, call)
            guard PQconsumeInput(handle) == 1 else { throw lost() }
        }
        return PQgetResult(handle).map(ResultHandle.init)
    }

    /// Sends what libpq still holds. Reads meanwhile: a server that cannot write does not read either.
    func flush(_ call: Call) throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                try wait(forWriting: true, call)
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    func error(of result: ResultHandle) -> PostgresError {
        func field(_ code: UnicodeScalar) -> String? {
            PQresultErrorField(result.pointer, Int32(code.value)).map { String(cString: $0) }
        }
        // PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY and PG_DIAG_MESSAGE_DETAIL, which Swift does not import.
        guard let state = field("C") else { return lost() }
        if PQstatus(handle) != CONNECTION_OK || state.hasPrefix("57P0") {
            isBroken = true
            return PostgresError(
                .connectionLost, "\(place) ended the connection: \(field("M") ?? "it stops"). Try again.",
                sqlState: state)
        }
        let detail = field("D").map { " (\($0))" } ?? ""
        return PostgresError(sqlState: state, serverMessage: (field("M") ?? "The statement failed") + detail)
    }
}

extension PostgresError {
    /// A prepared statement whose tables have changed since, or that the server does not know.
    fileprivate var isStalePlan: Bool {
        sqlState == "26000" || sqlState == "0A000" && message.hasPrefix("cached plan")
    }
}

extension PostgresResult {
    /// Copies everything out of libpq's memory.
    init(_ result: ResultHandle) {
        let pointer = result.pointer
        tag = String(cString: PQcmdStatus(pointer))
        count = Int(String(cString: PQcmdTuples(pointer))) ?? 0
        let width = PQnfields(pointer)
        guard width > 0 else { return }
        let columns = PostgresColumns(
            names: (0..<width).map { String(cString: PQfname(pointer, $0)) },
            types: (0..<width).map { PostgresType(rawValue: PQftype(pointer, $0)) })
        rows = (0..<PQntuples(pointer)).map { row in
            var bytes: [UInt8] = []
            let cells = (0..<width).map { column -> Range<Int>? in
                guard PQgetisnull(pointer, row, column) == 0, let value = PQgetvalue(pointer, row, column) else {
                    return nil
                }
                let start = bytes.count
                bytes += UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(pointer, row, column)))
                return start..<bytes.count
            }
            return PostgresRow(columns: columns, bytes: bytes, cells: cells)
        }
    }
}
