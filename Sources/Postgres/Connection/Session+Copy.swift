import CPostgres
import FoundationEssentials

extension Session {
    /// Begins a COPY. The server must answer that it wants or gives data.
    func beginCopy(_ statement: String, _ direction: ExecStatusType, _ call: Call) throws {
        try stoppable(call) {
            guard PQsendQuery(handle, statement) == 1 else { throw refusal() }
            guard let result = try nextResult(call) else { throw lost() }
            if result.status == direction { return }
            var failure: PostgresError?
            switch result.status {
            case PGRES_FATAL_ERROR: failure = error(of: result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: isBroken = true
            default: break
            }
            if !isBroken { while try nextResult(call) != nil {} }
            throw failure
                ?? PostgresError(.invalidStatement, "The statement is no COPY in this direction. Check the statement.")
        }
    }

    /// The next rows, whole ones, as many as are there, about 64 kB at most; `nil` at the end.
    func nextCopied(_ call: Call) throws -> Data? {
        try stoppable(call) {
            var data = Data()
            while data.count < 65_536 {
                var buffer: UnsafeMutablePointer<CChar>?
                let count = PQgetCopyData(handle, &buffer, 1)
                defer { PQfreemem(buffer) }
                switch count {
                case 1...:
                    if let buffer { data.append(Data(bytes: buffer, count: Int(count))) }
                case 0:
                    if !data.isEmpty { return data }
                    try wait(forWriting: false, call)
                    guard PQconsumeInput(handle) == 1 else { throw lost() }
                default:
                    if !data.isEmpty && count == -1 {
                        // The end is found again by the next call.
                        return data
                    }
                    _ = try lastResult(call)
                    return nil
                }
            }
            return data
        }
    }

    func discardCopied(_ call: Call) throws {
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &buffer, 1)
            PQfreemem(buffer)
            if count < 0 { return }
            if count > 0 { continue }
            try wait(forWriting: false, call)
            guard PQconsumeInput(handle) == 1 else { throw lost() }
        }
    }

    /// Sends rows; returns when the server has taken them off our hands.
    func putCopied(_ data: Data, _ call: Call) throws {
        try stoppable(call) {
            var rest = data[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 << 20)
                while true {
                    let put = piece.withUnsafeBytes { bytes in
                        PQputCopyData(handle, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
                    }
                    if put == 1 { break }
                    guard put == 0 else { throw refusal() }
                    try flush(call)
                }
                try flush(call)
                rest = rest.dropFirst(piece.count)
            }
        }
    }

    /// Ends the sending of rows, or takes all of them back; returns how many the server has kept.
    func endCopyIn(failure: String?, _ call: Call) throws -> Int {
        try stoppable(call) {
            while true {
                let put = failure.map { PQputCopyEnd(handle, $0) } ?? PQputCopyEnd(handle, nil)
                if put == 1 { break }
                guard put == 0 else { throw refusal() }
                try flush(call)
            }
            return try lastResult(call).count
        }
    }
}
