import Adjoint
import AdjointTraining
import Foundation

/// A trace in a file.
struct RecordedTrace {
    let path: String
    let document: TraceDocument

    /// Reads all of it. A file that ends early, as that of a crash, or of a program that still
    /// runs, is read as far as it goes.
    ///
    /// - Throws: `DataFileError` where there is no such file, or it is no trace.
    init(_ path: String) throws {
        self.path = path
        let bytes = try Self.bytes(path)
        do {
            document = try TraceDocument(jsonLines: bytes)
        } catch {
            throw DataFileError(
                path: path, line: error.line, problem: "this is no trace: \(error.message)",
                advice: "give a file that the recorder wrote, such as run.trace.jsonl")
        }
    }

    private static func bytes(_ path: String) throws -> Data {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw DataFileError(
                path: path, problem: "there is no such file", advice: "check the path")
        }
        guard !isFolder.boolValue else {
            throw DataFileError(
                path: path, problem: "this is a folder", advice: "name the trace in it")
        }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw DataFileError(
                path: path, problem: "the file cannot be read", advice: "check its permissions")
        }
    }

    /// Says on the standard error where the trace ended early.
    func warn() {
        guard let problem = document.problem else { return }
        StandardOutput.errorLine(
            "adjoint: \(path): \(problem.description); going on with the "
                + "\(document.eventCount) events before it")
    }
}
