// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target of ours; `make check` proves that each target uses them.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
/// Number-crunching targets are optimised in debug builds too: the test suite encodes and scans for real.
let optimised: [SwiftSetting] = strict + [.unsafeFlags(["-O"])]

let package = Package(
    name: "hearth",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .target(
            name: "Hearth",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(name: "CVectorScan", cSettings: [.unsafeFlags(["-O3"])]),
        .target(
            name: "LocalIndex",
            dependencies: ["CVectorScan", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: optimised
        ),
        .target(
            name: "Backends",
            dependencies: [
                "Hearth", "LocalIndex",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["MiniLMEncoder.swift"],
            swiftSettings: strict
        ),
        .target(name: "HearthTesting", dependencies: ["Hearth"], swiftSettings: strict),
        .target(
            name: "Worker",
            dependencies: [
                "Hearth",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Ingest",
            dependencies: [
                "Hearth",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "HearthTests", dependencies: ["Hearth", "HearthTesting"], swiftSettings: strict),
        .testTarget(name: "BackendsTests", dependencies: ["Backends", "Hearth", "HearthTesting", .product(name: "Logging", package: "swift-log")], swiftSettings: strict),
    ]
)
