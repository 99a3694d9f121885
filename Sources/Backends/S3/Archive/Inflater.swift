import CArchiveCodec
import Hearth

/// Inflates gzip or bare deflate data piece by piece.
final class Inflater {
    private let stream: OpaquePointer
    private var room: [UInt8]

    /// - Parameter isGzip: with gzip's head and checksum around the data.
    /// - Throws: ``StoreError`` `full` without memory.
    init(isGzip: Bool) throws(StoreError) {
        guard let stream = c_inflater_make(isGzip ? 1 : 0) else {
            throw StoreError(.full, "There is no memory left to unpack an archive.")
        }
        self.stream = stream
        room = [UInt8](repeating: 0, count: 64 << 10)
    }

    deinit { c_inflater_free(stream) }

    /// Whether the data's end was reached.
    private(set) var hasEnded = false

    /// Unpacks as far as the input goes.
    ///
    /// - Parameter use: given what was unpacked, 64 KiB at most at a time.
    /// - Returns: what of the input lies behind the data's end.
    /// - Throws: ``StoreError`` `corrupt`, or what `use` throws.
    func inflate(
        _ input: ArraySlice<UInt8>,
        archive: String,
        use: (ArraySlice<UInt8>) throws -> Void
    ) throws -> ArraySlice<UInt8> {
        var rest = input
        while !hasEnded {
            let step = rest.withUnsafeBufferPointer { input in
                room.withUnsafeMutableBufferPointer { output in
                    c_inflater_step(stream, input.baseAddress, input.count, output.baseAddress, output.count)
                }
            }
            rest = rest.dropFirst(step.consumed)
            switch step.status {
            case CInflateMore: break
            case CInflateEnd: hasEnded = true
            case CInflateNoMemory: throw StoreError(.full, "There is no memory left to unpack \(archive).")
            default:
                throw StoreError(.corrupt, "\(archive) is damaged, or no archive of its name's kind. Upload it again.")
            }
            if step.produced > 0 { try use(room[..<step.produced]) }
            if step.consumed == 0, step.produced == 0 { break }
        }
        return rest
    }
}
