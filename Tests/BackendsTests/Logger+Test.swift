import Logging

extension Logger {
    /// Says nothing.
    static var test: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
