/// Writes small source files around facts.
enum SourceSketch {
    /// A module with one constant and a function that uses it.
    static func python(_ fact: Fact, about topic: String) -> String {
        """
        # Part of the \(topic) service.

        \(fact.line)


        def check_\(topic)(amount):
            return amount < \(fact.name)

        """
    }
}
