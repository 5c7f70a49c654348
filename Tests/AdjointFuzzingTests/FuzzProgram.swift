import Foundation

/// The fuzzer, which the build puts beside the tests.
struct FuzzProgram {
    let status: Int32
    let output: String

    init(_ arguments: String...) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.standardOutput = pipe
        // What it keeps of a failure goes into the folder that the build is in.
        process.currentDirectoryURL = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        try process.run()
        output = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }

    private struct Missing: Error {}
    private final class Marker {}

    private static func executable() throws -> URL {
        let bundle = Bundle(for: Marker.self)
        let places = [bundle.executableURL?.deletingLastPathComponent(), bundle.bundleURL]
        for place in places.compactMap({ $0?.resolvingSymlinksInPath() }) {
            for folder in [place, place.deletingLastPathComponent()] {
                let file = folder.appendingPathComponent("adjoint-fuzz")
                if FileManager.default.isExecutableFile(atPath: file.path) { return file }
            }
        }
        throw Missing()
    }
}
