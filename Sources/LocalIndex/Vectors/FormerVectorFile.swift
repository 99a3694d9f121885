import CVectorScan
import Glibc

/// A vector file of format 1, whose codes had four bits: it is read once, to be written anew.
struct FormerVectorFile: ~Copyable {
    private static let format: UInt32 = 1

    private let path: String
    private let dimension: Int
    private let descriptor: Int32

    /// Opens the file of a header if it is one of that format; nil if it is of another, or none.
    init?(path: String, header: VectorFileHeader) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var found = [UInt8](repeating: 0, count: VectorFileHeader.encodedBytes)
        guard pread(descriptor, &found, found.count, 0) == found.count, found == header.encoded(format: Self.format)
        else {
            close(descriptor)
            return nil
        }
        self.path = path
        self.descriptor = descriptor
        dimension = header.dimension
    }

    deinit {
        close(descriptor)
    }

    /// The vector in a slot, checked against what was written.
    func vector(_ slot: Int, directory: String) throws -> [Float] {
        let perChunk = VectorLayout.slotsPerChunk
        let codeBytes = (dimension + 127) / 128 * 64
        let checksums = perChunk * (codeBytes + 3 * MemoryLayout<Float>.size)
        let vectors = checksums + perChunk * (MemoryLayout<UInt32>.size + cvs_fine_bytes(dimension))
        let vectorBytes = dimension * MemoryLayout<Float>.size
        let chunk = VectorLayout.headerBytes + slot / perChunk * (vectors + perChunk * vectorBytes)
        let place = slot % perChunk
        var vector = [Float](repeating: 0, count: dimension)
        var checksum: UInt32 = 0
        let isWhole =
            pread(descriptor, &vector, vectorBytes, off_t(chunk + vectors + place * vectorBytes)) == vectorBytes
            && pread(descriptor, &checksum, 4, off_t(chunk + checksums + place * 4)) == 4
        guard isWhole, cvs_checksum(vector, dimension, UInt64(slot)) == checksum else {
            throw LocalIndexError.corrupted("vector \(slot) of \(path) is not what was written", in: directory)
        }
        return vector
    }
}
