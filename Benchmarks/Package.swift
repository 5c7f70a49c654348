// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "AdjointBenchmarks",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "adjoint-bench", targets: ["AdjointBench"])],
    dependencies: [.package(name: "Adjoint", path: "..")],
    targets: [
        .executableTarget(
            name: "AdjointBench", dependencies: [.product(name: "Adjoint", package: "Adjoint")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ])
    ]
)
