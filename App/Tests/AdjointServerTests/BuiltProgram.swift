import Foundation

/// A program that the build puts beside the test bundle.
enum BuiltProgram {
    static func url(_ name: String) -> URL {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
            let folder = (bundle?.bundleURL ?? Bundle.main.bundleURL).deletingLastPathComponent()
        #else
            let folder = Bundle.main.bundleURL
        #endif
        return folder.appendingPathComponent(name)
    }

    /// Runs it to its end.
    static func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String)
    {
        let process = Process()
        process.executableURL = url(name)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// `adjoint-server`, running until it is let go.
final class ServerProcess {
    private let process = Process()
    private let output = Pipe()
    let port: UInt16

    /// Serves the network in the file `model`, on any free port where `port` is 0, with no more
    /// than so many open files where `files` says so.
    init(model: String, port: UInt16 = 0, files: Int? = nil) throws {
        let arguments = ["--model", model, "--port", String(port)]
        process.executableURL = BuiltProgram.url("adjoint-server")
        process.arguments = arguments
        if let files {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments =
                ["-c", "ulimit -n \(files); exec \"$0\" \"$@\""]
                + [BuiltProgram.url("adjoint-server").path] + arguments
        }
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let part = output.fileHandleForReading.availableData
            if part.isEmpty { break }
            text += String(decoding: part, as: UTF8.self)
        }
        self.port = text.firstMatch(of: /:([0-9]+)\//).flatMap { UInt16($0.1) } ?? 0
    }

    var isRunning: Bool { process.isRunning }

    deinit {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}
