/// One open question of a key.
package final class KeyShare: Sendable {
    /// How many open questions the key had when this one came, this one included.
    package let number: Int
    private let leave: @Sendable () -> Void

    init(number: Int, leave: @escaping @Sendable () -> Void) {
        self.number = number
        self.leave = leave
    }

    deinit { leave() }
}
