import CVectorScan
import Glibc
import Synchronization

/// Vectors in numbered slots of one file, written once each; the codes that searches scan are memory-mapped.
///
/// The file does not know how many of its slots count: that is committed in the database after the slots are written.
/// Slots behind that number are free to be written again.
final class VectorFile: Sendable {
    let path: String
    let layout: VectorLayout
    let epoch: Int
    private let descriptor: Int32
    private let chunks = Mutex<[MappedChunk]>([])

    /// Writes an empty file, replacing what a crash may have left under its name.
    static func create(path: String, header: VectorFileHeader) throws(SystemFailure) -> VectorFile {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure.last("create \(path)") }
        let file = VectorFile(path: path, descriptor: descriptor, header: header)
        try file.write(header.encoded(), at: 0)
        try file.extend(toSlots: 0)
        return file
    }

    /// Opens a file and checks that it is the one that the database speaks of.
    static func open(
        path: String, header: VectorFileHeader, slots: Int, directory: String
    ) throws -> VectorFile {
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure.last("open \(path)") }
        let file = VectorFile(path: path, descriptor: descriptor, header: header)
        var found = [UInt8](repeating: 0, count: VectorFileHeader.encodedBytes)
        guard pread(descriptor, &found, found.count, 0) == found.count, found == header.encoded() else {
            throw LocalIndexError.corrupted("\(path) is not the vector file that belongs to it", in: directory)
        }
        guard try file.size() >= file.layout.fileBytes(forSlots: slots) else {
            throw LocalIndexError.corrupted("\(path) is shorter than it was", in: directory)
        }
        return file
    }

    private init(path: String, descriptor: Int32, header: VectorFileHeader) {
        self.path = path
        self.descriptor = descriptor
        layout = VectorLayout(dimension: header.dimension)
        epoch = header.epoch
    }

    deinit {
        close(descriptor)
    }

    func size() throws(SystemFailure) -> Int {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw SystemFailure.last("look at \(path)") }
        return Int(facts.st_size)
    }

    /// The codes of the first `slots` slots.
    func mapped(slots: Int, directory: String) throws -> [MappedChunk] {
        let count = layout.chunks(forSlots: slots)
        return try chunks.withLock { chunks in
            if chunks.count < count, try size() < layout.fileBytes(forSlots: slots) {
                throw LocalIndexError.corrupted("\(path) is shorter than it was", in: directory)
            }
            while chunks.count < count {
                chunks.append(try MappedChunk(descriptor: descriptor, chunk: chunks.count, layout: layout))
            }
            return Array(chunks.prefix(count))
        }
    }

    /// Reads the vector of a committed slot into `buffer`, which has room for it.
    ///
    /// Vectors are not mapped: a search touches few of them, far apart, and each would pull its neighbours into memory.
    func read(slot: Int, into buffer: UnsafeMutablePointer<Float>) throws(SystemFailure) {
        try read(layout.vectorBytes, at: layout.offset(ofVector: slot), into: UnsafeMutableRawPointer(buffer))
    }

    private func read(_ count: Int, at offset: Int, into bytes: UnsafeMutableRawPointer) throws(SystemFailure) {
        var done = 0
        while done < count {
            let more = pread(descriptor, bytes + done, count - done, off_t(offset + done))
            if more > 0 {
                done += more
            } else if more == 0 || errno != EINTR {
                throw SystemFailure.last("read \(path)")
            }
        }
    }

    /// Writes vectors into the slots from `first` on. `vectors` holds them one after the other.
    func append(_ vectors: [Float], at first: Int) throws(SystemFailure) {
        let count = vectors.count / layout.dimension
        try extend(toSlots: first + count)
        var done = 0
        while done < count {
            let slot = first + done
            let run = min(count - done, VectorLayout.slotsPerChunk - slot % VectorLayout.slotsPerChunk)
            try vectors.withUnsafeBufferPointer { all throws(SystemFailure) in
                let part = UnsafeBufferPointer(
                    rebasing: all[done * layout.dimension..<(done + run) * layout.dimension])
                try appendWithinChunk(part, count: run, at: slot)
            }
            done += run
        }
    }

    /// Waits until everything written is on the disk.
    func synchronize() throws(SystemFailure) {
        guard fdatasync(descriptor) == 0 else { throw SystemFailure.last("flush \(path)") }
    }

    private func appendWithinChunk(
        _ vectors: UnsafeBufferPointer<Float>, count: Int, at slot: Int
    ) throws(SystemFailure) {
        let chunk = layout.offset(ofChunk: slot / VectorLayout.slotsPerChunk)
        let place = slot % VectorLayout.slotsPerChunk
        let codes = chunk + place / VectorLayout.slotsPerBlock * layout.blockBytes
        // Slots before the first in its block are committed: their part of the block is written again as it is.
        let isSharing = place % VectorLayout.slotsPerBlock != 0
        let block = isSharing ? try bytes(count: layout.blockBytes, at: codes) : []
        let run = CodedRun(vectors, layout: layout, first: slot, block: block)
        try write(run.blocks, at: codes)
        try write(run.scales, at: chunk + layout.scales + place * 4)
        try write(run.spreads, at: chunk + layout.spreads + place * 4)
        try write(run.checksums, at: chunk + layout.checksums + place * 4)
        try write(run.fines, at: chunk + layout.fines + place * layout.fineBytes)
        try write(UnsafeRawBufferPointer(vectors), at: chunk + layout.vectors + place * layout.vectorBytes)
    }

    private func bytes(count: Int, at offset: Int) throws(SystemFailure) -> [UInt8] {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { bytes.deallocate() }
        guard let start = bytes.baseAddress else { return [] }
        try read(count, at: offset, into: start)
        return Array(bytes)
    }

    /// Makes the file cover whole chunks, so that a mapping never reaches behind its end. The new part takes no space
    /// on disk until it is written.
    private func extend(toSlots slots: Int) throws(SystemFailure) {
        let needed = layout.fileBytes(forSlots: slots)
        guard try size() < needed else { return }
        guard ftruncate(descriptor, needed) == 0 else { throw SystemFailure.last("extend \(path)") }
    }

    private func write<Element: BitwiseCopyable>(_ elements: [Element], at offset: Int) throws(SystemFailure) {
        try elements.withUnsafeBufferPointer { elements throws(SystemFailure) in
            try write(UnsafeRawBufferPointer(elements), at: offset)
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemFailure) {
        guard let start = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let written = pwrite(descriptor, start + done, bytes.count - done, offset + done)
            if written > 0 {
                done += written
            } else if written == 0 || errno != EINTR {
                throw SystemFailure.last("write \(path)")
            }
        }
    }
}
