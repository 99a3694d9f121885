import Hearth

/// An object that holds a whole tree.
struct ArchivePlace: Hashable, Sendable, CustomStringConvertible {
    let bucket: String
    let key: String
    let format: ObjectLocation.Archive

    var description: String { "s3://\(bucket)/\(key)" }
}
