import Foundation
import Synchronization

/// Answers one request with a long body, and counts what the connection has taken of it. It writes as an old program does: it
/// waits at each write until there is room.
final class PatientSender: Sendable {
    struct Failure: Error {}

    let port: Int
    private let count = Atomic(0)

    /// How many bytes of the body have left.
    var sent: Int { count.load(ordering: .acquiring) }

    init(size: Int) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard isOpen else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in
            let connection = accept(listener, nil, nil)
            close(listener)
            defer { close(connection) }
            // The request is a few hundred bytes: one read takes it.
            var request = [UInt8](repeating: 0, count: 65_536)
            guard recv(connection, &request, request.count, 0) > 0 else { return }
            let head = Array("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: \(size)\r\n\r\n".utf8)
            _ = send(connection, head, head.count, Int32(MSG_NOSIGNAL))
            let piece = [UInt8](repeating: 7, count: 65_536)
            while sent < size {
                let written = send(connection, piece, min(piece.count, size - sent), Int32(MSG_NOSIGNAL))
                guard written > 0 else { return }
                count.add(written, ordering: .acquiringAndReleasing)
            }
        }.start()
    }
}
