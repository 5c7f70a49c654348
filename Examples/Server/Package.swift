// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "AdjointServer",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AdjointServing", targets: ["AdjointServing"]),
        .executable(name: "adjoint-server", targets: ["AdjointServer"]),
    ],
    dependencies: [
        .package(name: "Adjoint", path: "../.."),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .target(
            name: "AdjointServing",
            dependencies: [
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "AdjointServer",
            dependencies: [
                "AdjointServing",
                .product(name: "Adjoint", package: "Adjoint"),
                .product(name: "AdjointExamples", package: "Adjoint"),
            ],
            swiftSettings: settings),
    ]
)
