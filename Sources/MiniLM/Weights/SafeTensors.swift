import Foundation

/// A file of named tensors, mapped into memory (https://huggingface.co/docs/safetensors).
///
/// Eight bytes with the length of a JSON header, the header, and the tensors' bytes. All of it is checked before any of it
/// is used.
final class SafeTensors: @unchecked Sendable {
    // check: allow unchecked because the mapping is read-only and lives as long as the object

    struct Tensor: Hashable {
        let shape: [Int]
        /// Offset from the beginning of the file.
        let offset: Int
        let count: Int
    }

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    private let base: UnsafeRawPointer
    private let length: Int
    private let tensors: [String: Tensor]

    init(path: String) throws(MiniLMError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw MiniLMError(.assetsMissing, "The weights \(path) are missing. Run `make setup`.")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size > 8,
            let mapped = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0), mapped != MAP_FAILED
        else {
            throw MiniLMError(.corruptWeights, "The weights \(path) cannot be mapped. Run `make setup` again.")
        }
        base = UnsafeRawPointer(mapped)
        length = Int(status.st_size)
        do {
            tensors = try Self.header(UnsafeRawBufferPointer(start: base, count: length))
        } catch {
            munmap(mapped, length)
            throw MiniLMError(
                .corruptWeights, "The weights \(path) are damaged: \(error.reason). Run `make setup` again.")
        }
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), length) }

    struct Damage: Error { let reason: String }

    /// Reads and checks the header. Only tensors of fp32 are kept.
    static func header(_ file: UnsafeRawBufferPointer) throws(Damage) -> [String: Tensor] {
        guard file.count > 8 else { throw Damage(reason: "no header") }
        let size = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard size <= UInt64(file.count - 8), size < 1 << 26 else {
            throw Damage(reason: "the header is longer than the file")
        }
        let start = 8 + Int(size)
        let json = Data(file[8..<start])
        guard let object = try? JSONDecoder().decode([String: Lossy<Entry>].self, from: json) else {
            throw Damage(reason: "the header is no JSON")
        }
        var tensors: [String: Tensor] = [:]
        for (name, lossy) in object {
            guard let entry = lossy.value, entry.dtype == "F32" else { continue }
            guard entry.offsets.count == 2, entry.offsets[0] >= 0, entry.offsets[0] <= entry.offsets[1],
                entry.offsets[1] <= file.count - start
            else { throw Damage(reason: "\(name) lies outside of the file") }
            var count = 1
            for side in entry.shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: side)
                guard side >= 0, !overflow else { throw Damage(reason: "\(name) has an impossible shape") }
                count = product
            }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: 4)
            guard !overflow, bytes == entry.offsets[1] - entry.offsets[0] else {
                throw Damage(reason: "\(name) has another size than its shape")
            }
            guard (start + entry.offsets[0]).isMultiple(of: 4) else { throw Damage(reason: "\(name) is not aligned") }
            tensors[name] = Tensor(shape: entry.shape, offset: start + entry.offsets[0], count: count)
        }
        return tensors
    }

    /// Takes what it can read and drops the rest, such as the free-form metadata.
    private struct Lossy<Value: Decodable>: Decodable {
        let value: Value?
        init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
    }

    /// The tensor's elements, which live as long as this object.
    func floats(_ name: String, shape: [Int]) throws(MiniLMError) -> UnsafeBufferPointer<Float> {
        guard let tensor = tensors[name], tensor.shape == shape else {
            throw MiniLMError(.corruptWeights, "The weights have no \(name) of shape \(shape). Run `make setup` again.")
        }
        let start = (base + tensor.offset).assumingMemoryBound(to: Float.self)
        return UnsafeBufferPointer(start: start, count: tensor.count)
    }
}
