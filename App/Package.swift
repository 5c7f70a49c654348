// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "AdjointApp",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "adjoint", targets: ["AdjointCommand"]),
        .executable(name: "adjoint-soak", targets: ["AdjointSoak"]),
    ],
    dependencies: [
        .package(name: "Adjoint", path: ".."),
        .package(name: "AdjointBenchmarks", path: "../Benchmarks"),
        .package(name: "AdjointServer", path: "../Examples/Server"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .executableTarget(
            name: "AdjointCommand",
            dependencies: [
                "AdjointTraining",
                "AdjointStudioServer",
                .product(name: "AdjointStudioCore", package: "Adjoint"),
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointConformance", package: "Adjoint"),
                .product(name: "AdjointExamples", package: "Adjoint"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .target(
            name: "AdjointTraining",
            dependencies: [
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointExamples", package: "Adjoint"),
            ],
            // Its tests see what is internal in the very objects that `make run` builds.
            swiftSettings: settings + [.unsafeFlags(["-enable-testing"])]),
        .target(
            name: "AdjointStudioServer",
            dependencies: [
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointStudioCore", package: "Adjoint"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: settings),
        .target(name: "CMeter"),
        .target(
            name: "AdjointLoad",
            dependencies: [
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointExamples", package: "Adjoint"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "AdjointSoak",
            dependencies: [
                "AdjointLoad",
                "CMeter",
                .product(name: "AdjointExamples", package: "Adjoint"),
                .product(name: "AdjointServing", package: "AdjointServer"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AdjointTrainingTests",
            dependencies: [
                "AdjointTraining",
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointExamples", package: "Adjoint"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AdjointCommandTests",
            dependencies: [
                "AdjointCommand",
                // Not for the tests: so the benchmarks are made of the objects that are there.
                .product(name: "adjoint-bench", package: "AdjointBenchmarks"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AdjointServerTests",
            dependencies: [
                "AdjointLoad",
                "AdjointSoak",
                "CMeter",
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointExamples", package: "Adjoint"),
                .product(name: "adjoint-server", package: "AdjointServer"),
            ],
            swiftSettings: settings),
    ]
)
