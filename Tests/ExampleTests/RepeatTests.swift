import AdjointTesting
import Foundation
import Testing

/// The same seed gives the same bits: again, on any number of threads, and after an interruption.
/// `tools/check-determinism` compares debug and release builds too, over longer runs.
@Suite struct RepeatTests {
    private final class Marker {}

    /// The state that the program `adjoint-repeat` ends with.
    private func state(
        _ network: String, _ steps: Int, threads: Int, in folder: URL, resuming start: URL? = nil
    ) throws -> URL {
        let file = folder.appendingPathComponent("\(UUID().uuidString).safetensors")
        let program: URL = try #require(BuiltProgram.url("adjoint-repeat", beside: Marker.self))
        let process = Process()
        process.executableURL = program
        process.arguments =
            [network, "--steps", "\(steps)", "--save", file.path]
            + (start.map { ["--resume", $0.path] } ?? [])
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["ADJOINT_NUM_THREADS": "\(threads)"]) { $1 }
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return file
    }

    // Some steps more than an epoch of the digits has, so that validation is among them.
    @Test(arguments: [("digits-mlp", 40), ("digits", 30), ("names", 12)])
    func theBitsAreThoseOfTheSeed(_ network: String, _ steps: Int) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("adjoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try Data(contentsOf: state(network, steps, threads: 1, in: folder))
        let two = try Data(contentsOf: state(network, steps, threads: 2, in: folder))
        let again = try Data(contentsOf: state(network, steps, threads: 2, in: folder))
        let three = try Data(contentsOf: state(network, steps, threads: 3, in: folder))
        #expect(one == two && two == again && two == three)
        let half = try state(network, steps / 2, threads: 1, in: folder)
        #expect(try Data(contentsOf: half) != one)
        let resumed = try state(network, steps, threads: 2, in: folder, resuming: half)
        #expect(try Data(contentsOf: resumed) == one)
    }
}
