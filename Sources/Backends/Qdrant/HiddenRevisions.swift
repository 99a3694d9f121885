/// The revisions that a search has to leave out: those that are not, or no longer, the ones of their documents.
///
/// A search asks for passages first and for their documents' revisions afterwards. If all agree, what was found is what
/// was there at that moment. If not, it asks again without those that do not count, so that they take no places; and if
/// one of those came into force meanwhile, again with it.
struct HiddenRevisions: Sendable {
    /// The path of each.
    private(set) var paths: [String: String] = [:]

    /// Whether what was found is all of what counts now.
    ///
    /// - Parameter current: the revision of each document of ``paths`` and of what was found; none for one that is not in
    ///   the manifest.
    mutating func settle(found: some Sequence<RevisionPayload>, current: [String: String]) -> Bool {
        let outdated = found.filter { current[$0.path] != $0.revision }
        let returned = paths.filter { current[$0.value] == $0.key }
        for (revision, _) in returned { paths[revision] = nil }
        for entry in outdated { paths[entry.revision] = entry.path }
        return outdated.isEmpty && returned.isEmpty
    }
}
