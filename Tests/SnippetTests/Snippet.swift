import AdjointTesting
import Foundation
import Testing

/// A program of `Snippets/`, and what its `// prints: ` comments say.
struct Snippet: Sendable, CustomTestStringConvertible {
    /// The file's name without its extension, which is the name of its executable.
    let name: String
    let source: String

    var testDescription: String { name }

    /// The folder of the package.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every program of the folder, sorted by name.
    static let all: [Snippet] = {
        let folder = root.appendingPathComponent("Snippets")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let sources = (files?.compactMap { $0 as? URL } ?? []).filter {
            $0.pathExtension == "swift"
        }
        return sources.compactMap { url in
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            return Snippet(name: url.deletingPathExtension().lastPathComponent, source: text)
        }.sorted { $0.name < $1.name }
    }()

    /// One line of output for each comment, in order.
    var expected: [String] {
        source.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            guard let mark = line.range(of: "// prints:") else { return nil }
            let text = line[mark.upperBound...]
            return String(text.first == " " ? text.dropFirst() : text)
        }
    }

    /// The program that was built beside the tests.
    var executable: URL? { BuiltProgram.url(name, beside: Marker.self) }

    /// Belongs to the bundle of these tests.
    private final class Marker {}

    /// Runs the program and returns its output as lines, and its exit status. What it writes to
    /// standard error shows in the log of the tests.
    func run() throws -> (lines: [String], status: Int32) {
        guard let executable else { throw MissingExecutable(name: name) }
        let process = Process()
        let output = Pipe()
        process.executableURL = executable
        process.standardOutput = output
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var lines = text.components(separatedBy: "\n")
        if lines.last == "" { lines.removeLast() }
        return (lines, process.terminationStatus)
    }
}

/// The build made no program of this name.
struct MissingExecutable: Error, CustomStringConvertible {
    let name: String
    var description: String {
        "no program \(name) beside the tests; `swift build` makes it from Snippets/"
    }
}
