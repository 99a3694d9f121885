import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A second handle of a connection's socket, for any thread to write to while the event loop has nothing to write.
///
/// The socket does not block. It stays open until the last of its handles is gone.
final class DirectSocket: Sendable {
    private let descriptor: CInt

    /// - Returns: `nil` if the process can open no more files.
    init?(_ socket: NIOBSDSocket.Handle) {
        let copy = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return nil }
        descriptor = copy
    }

    /// Writes what the socket takes at this moment.
    ///
    /// - Returns: how much that is. An error counts as nothing: whoever reads the socket finds it out.
    func write(_ buffer: ByteBuffer) -> Int {
        buffer.withUnsafeReadableBytes { bytes in
            // NIO has the process ignore SIGPIPE.
            max(0, systemWrite(descriptor, bytes.baseAddress, bytes.count))
        }
    }

    deinit { close(descriptor) }
}

/// `write(2)`, by a name that a method does not hide.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
