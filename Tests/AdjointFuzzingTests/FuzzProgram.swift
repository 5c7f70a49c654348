import AdjointTesting
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
        guard let file = BuiltProgram.url("adjoint-fuzz", beside: Marker.self) else {
            throw Missing()
        }
        return file
    }
}
