import Adjoint
import AdjointTraining
import ArgumentParser
import Foundation

/// `adjoint trace tail`.
struct TraceTailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print the last events of a trace, and those that are still to come.")

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Option(name: [.customShort("n"), .long], help: "How many events to print.")
    var lines = 20

    @Flag(name: .shortAndLong, help: "Go on with what is written to the file, until interrupted.")
    var follow = false

    @Flag(help: "Print the events as they stand in the file: JSON.")
    var json = false

    func validate() throws {
        guard lines >= 0 else {
            throw ValidationError("--lines is \(lines); give a whole number from 0")
        }
    }

    func run() throws {
        let first = try RecordedTrace(path)
        if !follow { first.warn() }
        let count = first.document.eventCount
        for n in max(count - lines, 0)..<max(count, 0) {
            if let event = first.document.event(at: n) { print(event, first.report) }
        }
        if follow { try goOn() }
    }

    private func print(_ event: TraceEvent, _ report: TraceReport) {
        StandardOutput.line(
            json
                ? String(decoding: TraceRecord.event(event).json, as: UTF8.self)
                : report.line(event))
    }

    /// Reads the file again from its beginning, and prints what is new each time.
    private func goOn() throws {
        Interruption.endsTheProcess()
        let handle: FileHandle
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw DataFileError(
                path: path, problem: "the file cannot be read", advice: "check its permissions")
        }
        var reader = TraceReader()
        var document = TraceDocument()
        var printed = false
        while reader.problem == nil {
            let bytes = try handle.readToEnd() ?? Data()
            let new = reader.push(bytes)
            for record in new { document.append(record) }
            // The first reading is what was printed already.
            if printed, !new.isEmpty {
                let terminal = TerminalCapabilities.ofStandardOutput()
                let report = TraceReport(
                    document, width: terminal.width, usesUnicode: terminal.unicode)
                for case .event(let event) in new { print(event, report) }
            }
            printed = true
            Thread.sleep(forTimeInterval: 0.2)
        }
        if let problem = reader.problem {
            throw DataFileError(
                path: path, line: problem.line, problem: problem.message,
                advice: "the program that writes it may have been stopped")
        }
    }
}
