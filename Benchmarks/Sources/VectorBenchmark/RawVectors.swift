import Foundation

/// A file of little-endian floats, vector after vector.
struct RawVectors {
    let dimension: Int
    let count: Int
    private let data: Data

    init(path: String, dimension: Int) throws {
        data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        self.dimension = dimension
        count = data.count / (dimension * MemoryLayout<Float>.size)
    }

    subscript(number: Int) -> [Float] {
        data.withUnsafeBytes { bytes in
            let start = number * dimension * MemoryLayout<Float>.size
            return (0..<dimension).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self)))
            }
        }
    }
}
