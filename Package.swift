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

/// A program of `Examples/`: the file that readers learn from is in `Examples/Programs`.
func example(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["AdjointExamples"], path: "Examples/\(name)",
        swiftSettings: settings)
}

let package = Package(
    name: "Adjoint",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "Adjoint", targets: ["Adjoint"]),
        .library(name: "AdjointTesting", targets: ["AdjointTesting"]),
        .library(name: "AdjointConformance", targets: ["AdjointConformance"]),
        .library(name: "AdjointStudioCore", targets: ["AdjointStudioCore"]),
        .library(name: "AdjointExamples", targets: ["AdjointExamples"]),
        .library(name: "AdjointFuzzing", targets: ["AdjointFuzzing"]),
    ],
    targets: [
        .target(name: "CAdjoint"),
        library("AdjointCore", ["CAdjoint"]),
        library("AdjointNN", ["AdjointCore"]),
        library("AdjointOptim", ["AdjointCore", "CAdjoint"]),
        library("AdjointData", ["AdjointCore"]),
        library("AdjointTesting", ["AdjointCore"]),
        library("AdjointConformance", ["AdjointCore", "AdjointNN", "AdjointOptim"]),
        library("AdjointTrainer", ["AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData"]),
        library(
            "AdjointTrace",
            ["AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData", "CAdjoint"]),
        library(
            "Adjoint",
            [
                "AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData", "AdjointTrainer",
                "AdjointTrace",
            ]),
        library("AdjointStudioCore", ["Adjoint", "AdjointTrace"]),
        library(
            "AdjointFuzzing", ["AdjointCore", "AdjointData", "AdjointTrace", "AdjointStudioCore"]),
        .target(name: "CFuzz"),
        .executableTarget(
            name: "adjoint-fuzz", dependencies: ["Adjoint", "AdjointFuzzing", "CFuzz"],
            path: "Sources/AdjointFuzz", swiftSettings: settings),
        .executableTarget(
            name: "adjoint-repeat", dependencies: ["Adjoint", "AdjointExamples"],
            path: "Sources/AdjointRepeat", swiftSettings: settings),
        .target(
            name: "AdjointExamples", dependencies: ["Adjoint"], path: "Examples/Programs",
            swiftSettings: settings),
        example("digits"),
        example("names"),
        example("burgers"),
        tests("AdjointCoreTests", ["AdjointCore", "AdjointTesting"]),
        tests("AdjointNNTests", ["Adjoint", "AdjointTesting"]),
        tests("AdjointOptimTests", ["Adjoint", "AdjointTesting"]),
        tests("AdjointDataTests", ["Adjoint", "AdjointTesting"], fixtures: true),
        tests(
            "AdjointConformanceTests", ["AdjointConformance", "AdjointCore"], fixtures: true),
        tests("AdjointTrainerTests", ["Adjoint", "AdjointTesting"]),
        tests(
            "AdjointTraceTests", ["Adjoint", "AdjointTrace", "AdjointTesting", "AdjointFuzzing"],
            fixtures: true),
        tests("AdjointStudioCoreTests", ["Adjoint", "AdjointStudioCore", "AdjointTesting"]),
        tests("AdjointFuzzingTests", ["AdjointFuzzing", "AdjointTesting"]),
        tests("ExampleTests", ["Adjoint", "AdjointExamples", "AdjointTesting"]),
        tests("SnippetTests", ["AdjointCore", "AdjointTesting"]),
    ]
)
