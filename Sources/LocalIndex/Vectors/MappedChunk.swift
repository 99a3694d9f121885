import CVectorScan
import Glibc

/// The codes of a chunk of a vector file in memory, as long as anybody scans them.
///
/// What the bytes of committed slots hold never changes, so that any number of searches read them at once; the file may be
/// replaced and deleted meanwhile.
final class MappedChunk: Sendable {
    // A read-only mapping of bytes that never change; unmapped only when the last reader lets go.
    private nonisolated(unsafe) let base: UnsafeRawPointer
    private let layout: VectorLayout

    init(descriptor: Int32, chunk: Int, layout: VectorLayout) throws(SystemFailure) {
        let mapped = mmap(nil, layout.codedBytes, PROT_READ, MAP_SHARED, descriptor, layout.offset(ofChunk: chunk))
        guard let mapped, mapped != MAP_FAILED else { throw SystemFailure.last("map the vectors") }
        base = UnsafeRawPointer(mapped)
        self.layout = layout
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: base), layout.codedBytes)
    }

    /// The checksum of a slot's vector, slots counted from the chunk's first.
    func checksum(_ slot: Int) -> UInt32 {
        base.load(fromByteOffset: layout.checksums + slot * MemoryLayout<UInt32>.size, as: UInt32.self)
    }

    /// The record for the certain bounds of a slot, counted from the chunk's first.
    func fineRecord(_ slot: Int) -> UnsafePointer<UInt8> {
        (base + layout.fines + slot * layout.fineBytes).assumingMemoryBound(to: UInt8.self)
    }

    /// The first `count` coded rows.
    func rows(_ count: Int) -> cvs_rows {
        cvs_rows(
            codes: base.assumingMemoryBound(to: UInt8.self),
            scales: (base + layout.scales).assumingMemoryBound(to: Float.self),
            spreads: (base + layout.spreads).assumingMemoryBound(to: Float.self),
            count: count
        )
    }
}
