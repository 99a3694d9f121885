import Hearth

extension HeatPolicy {
    /// The settings of `heat.…`: what holds for projects that have no policy of their own.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ configuration: EffectiveConfiguration) throws {
        func bytes(_ key: ConfigurationKey) -> Int? {
            let megabytes = configuration.number(key)
            return megabytes == 0 ? nil : Int(megabytes * 1_000_000)
        }
        let retention = configuration.number(.retentionDays)
        self.init(
            hotDays: configuration.number(.hotDays), warmDays: configuration.number(.warmDays),
            retentionDays: retention == 0 ? nil : retention, hotBytes: bytes(.hotMegabytes),
            warmBytes: bytes(.warmMegabytes), coldBytes: bytes(.coldMegabytes))
        if let fault { throw ConfigurationError("The settings of heat.… do not fit together: \(fault)") }
    }
}
