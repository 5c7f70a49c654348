import Adjoint
import AdjointTraining
import ArgumentParser

/// `adjoint trace`.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Look into the trace of a run: what happened, and what went wrong.",
        discussion: """
            A trace is the file that Trace.record(to:) or ADJOINT_TRACE=run.trace.jsonl writes. \
            The exit status is 1 where doctor or diff found something.
            """,
        subcommands: [
            TraceSummaryCommand.self, TraceDoctorCommand.self, TraceDiffCommand.self,
            TraceTailCommand.self, TraceStepCommand.self, TraceTreeCommand.self,
            TraceExplainCommand.self,
        ])
}

/// `adjoint trace summary`.
struct TraceSummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Say what is in a trace, in a few lines.")

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let file = try RecordedTrace(path)
        if json {
            return StandardOutput.line(
                String(decoding: TraceReport(file.document).summaryJSON, as: UTF8.self))
        }
        StandardOutput.write(file.report.summary)
    }
}

/// `adjoint trace doctor`.
struct TraceDoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find what went wrong in a run: the operation, the line, and what to write.",
        discussion: """
            Finds the first NaN or infinity and what it spoiled, tensors that were changed before \
            backward needed them, second passes, parameters without a gradient, gradients that were \
            not emptied, graphs that grow, and more. The exit status is 1 where there is an error \
            or a warning; notes alone leave it 0.
            """)

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Flag(help: "Print a JSON object a finding, each on its line.")
    var json = false

    func run() throws {
        let file = try RecordedTrace(path)
        file.warn()
        let findings = file.document.findings()
        if json {
            for finding in findings {
                StandardOutput.line(String(decoding: finding.json, as: UTF8.self))
            }
        } else {
            let terminal = TerminalCapabilities.ofStandardOutput()
            StandardOutput.write(
                FindingReport(
                    findings, of: file.document, width: terminal.width, usesColor: terminal.color,
                    usesUnicode: terminal.unicode
                ).text)
        }
        if findings.contains(where: { $0.severity != .note }) { throw ExitCode(1) }
    }
}

/// `adjoint trace diff`.
struct TraceDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two traces: operations, order of derivatives, gradients.",
        discussion: "The exit status is 1 where they differ.")

    @Argument(help: ArgumentHelp("The first trace.", valueName: "first"))
    var first: String

    @Argument(help: ArgumentHelp("The second trace.", valueName: "second"))
    var second: String

    @Option(help: "How far gradients may lie apart, as a part of the larger one.")
    var tolerance = 1e-5

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard tolerance.isFinite, tolerance >= 0 else {
            throw ValidationError("--tolerance is \(tolerance); give 0 or a small number above it")
        }
    }

    func run() throws {
        let (a, b) = (try RecordedTrace(first), try RecordedTrace(second))
        a.warn()
        b.warn()
        let bound = TraceDiff.Tolerance(
            relative: tolerance, absolute: min(tolerance / 100, 1e-7))
        let diff = TraceDiff(a.document, b.document, tolerance: bound)
        if json {
            StandardOutput.line(String(decoding: diff.json, as: UTF8.self))
        } else {
            StandardOutput.write(diff.text())
        }
        if !diff.isEmpty { throw ExitCode(1) }
    }
}

extension RecordedTrace {
    /// Views of the trace for the standard output.
    var report: TraceReport {
        let terminal = TerminalCapabilities.ofStandardOutput()
        return TraceReport(document, width: terminal.width, usesUnicode: terminal.unicode)
    }
}
