import Foundation

/// A finished call of the built command.
struct AdjointProcess {
    let status: Int32
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Runs `adjoint` with `arguments` in `folder`. With `interruptAfter`, an interrupt is sent
    /// when the output begins to hold that text.
    init(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:],
        interruptAfter: String? = nil
    ) throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var variables = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI", "LC_ALL", "LANG"] { variables[name] = nil }
        process.environment = variables.merging(environment) { $1 }
        let output = Pipe()
        let errorFile = folder.appendingPathComponent(".errors-\(UUID().uuidString)")
        try Data().write(to: errorFile)
        defer { try? FileManager.default.removeItem(at: errorFile) }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errorFile)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var data = Data()
        var isInterrupted = false
        while true {
            let part = output.fileHandleForReading.availableData
            guard !part.isEmpty else { break }
            data.append(part)
            if let interruptAfter, !isInterrupted,
                String(decoding: data, as: UTF8.self).contains(interruptAfter)
            {
                process.interrupt()
                isInterrupted = true
            }
        }
        process.waitUntilExit()
        status = process.terminationStatus
        self.output = String(decoding: data, as: UTF8.self)
        errors = try String(contentsOf: errorFile, encoding: .utf8)
    }

    /// The command, which the build puts beside the test bundle.
    static let executable: URL = {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
            let folder = (bundle?.bundleURL ?? Bundle.main.bundleURL).deletingLastPathComponent()
        #else
            let folder = Bundle.main.bundleURL
        #endif
        return folder.appendingPathComponent("adjoint")
    }()
}

/// Calls `body` with a new folder that holds `files` and is removed afterwards.
func withFolder<R>(_ files: [String: String] = [:], _ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("adjoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return try body(folder)
}

/// The names in the folder `path` within `folder`, sorted; empty where there is none.
func names(in folder: URL, _ path: String = "") -> [String] {
    let path = folder.appendingPathComponent(path).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
}
