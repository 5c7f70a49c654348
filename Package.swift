// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// Fixtures are read from their folder, by the path of the test's source file.
func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = false) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: settings)
}

let package = Package(
    name: "Adjoint",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "Adjoint", targets: ["Adjoint"]),
        .library(name: "AdjointTesting", targets: ["AdjointTesting"]),
        .library(name: "AdjointConformance", targets: ["AdjointConformance"]),
    ],
    targets: [
        .target(name: "CAdjoint"),
        library("AdjointCore", ["CAdjoint"]),
        library("AdjointNN", ["AdjointCore"]),
        library("AdjointOptim", ["AdjointCore", "CAdjoint"]),
        library("AdjointData", ["AdjointCore"]),
        library("AdjointTesting", ["AdjointCore"]),
        library("AdjointConformance", ["AdjointCore", "AdjointNN", "AdjointOptim"]),
        library("Adjoint", ["AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData"]),
        tests("AdjointCoreTests", ["AdjointCore", "AdjointTesting"]),
        tests("AdjointNNTests", ["Adjoint", "AdjointTesting"]),
        tests("AdjointOptimTests", ["Adjoint", "AdjointTesting"]),
        tests("AdjointDataTests", ["Adjoint", "AdjointTesting"], fixtures: true),
        tests(
            "AdjointConformanceTests", ["AdjointConformance", "AdjointCore"], fixtures: true),
        tests("SnippetTests", ["AdjointCore", "AdjointTesting"]),
    ]
)
