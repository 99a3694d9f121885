import Hearth

/// What an archive says of one of its entries.
struct ArchiveEntry: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file
        case folder
        case link
        /// A device, a pipe, an encrypted file: there, but not to be read.
        case other
    }

    /// Relative, with `/` between its names; no name is empty, `.` or `..`.
    let path: String
    let kind: Kind
    /// Unpacked.
    let size: Int

    /// A path as an archive spells it, made plain; `nil` for the root itself.
    ///
    /// - Throws: ``StoreError`` `invalid` for a path that leads out of the archive: whoever made it means no good.
    static func plainPath(_ text: String, in archive: String) throws(StoreError) -> String? {
        let names = text.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
        guard !text.hasPrefix("/"), !names.contains(".."), !text.utf8.contains(0) else {
            throw StoreError(
                .invalid,
                "\(archive) has an entry '\(text)' that leads out of it. Make the archive anew, from inside its folder."
            )
        }
        return names.isEmpty ? nil : names.joined(separator: "/")
    }
}
