extension StoreError {
    /// Says that there is nothing where a codebase should be, what to check, and how to empty a project on purpose.
    ///
    /// - Parameters:
    ///   - location: the folder or the bucket's.
    ///   - check: what may be wrong with it: `the bucket and the prefix`.
    public static func nothing(at location: String, check: String) -> StoreError {
        StoreError(
            .empty,
            "There is no file in \(location), so nothing was changed. Check \(check); to empty a project on purpose, put "
                + "an empty .hearthignore there, or run: hearth projects remove <project>")
    }
}
